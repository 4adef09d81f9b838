// What the panes know of the workspace: people, channels, the app.

import { call } from "./api.js";

const PREFIX = "/slack";

export class Workspace {
  async load() {
    const state = await call("GET", `${PREFIX}/state`);
    Object.assign(this, { team: state.team, users: state.users, channels: state.channels, app: state.app, shortcuts: state.shortcuts || [] });
    this.panes = state.panes?.length ? state.panes : this.people().slice(0, 3).map((user) => user.key);
  }

  user(key) {
    return this.users.find((user) => user.key === key);
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
