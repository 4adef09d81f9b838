// What the panes know of the workspace: people, channels, the app.

import { call } from "./api.js";

const PREFIX = "/slack";

export class Workspace {
  /** `inTelegram` gives the people of the other chat: who is in both has one colour. */
  constructor(inTelegram) {
    this.inTelegram = inTelegram;
  }

  async load() {
    const state = await call("GET", `${PREFIX}/state`);
    Object.assign(this, { team: state.team, users: state.users, channels: state.channels, app: state.app, shortcuts: state.shortcuts || [] });
    this.panes = state.panes?.length ? state.panes : this.people().slice(0, 3).map((user) => user.key);
  }

  user(key) {
    return this.users.find((user) => user.key === key);
  }

  tint(key) {
    const others = this.inTelegram();
    const there = others.findIndex((user) => user.key === key);
    const here = Math.max(0, this.users.findIndex((user) => user.key === key));
    return (there >= 0 ? there : others.length + here) % 6;
  }

  userById(id) {
    return this.users.find((user) => user.id === id);
  }

  /** Who can be chosen in a field: people who are still here. */
  people() {
    return this.users.filter((user) => !user.is_bot && !user.deleted);
  }

  shortcutsOf(type) {
    return this.shortcuts.filter((shortcut) => shortcut.type === type);
  }
}

export function userPath(key) {
  return `${PREFIX}/users/${encodeURIComponent(key)}`;
}
