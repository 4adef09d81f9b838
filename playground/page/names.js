// What people are called.

export function fullName(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(" ");
}

export function initials(user) {
  return [user.first_name, user.last_name].filter(Boolean).map((name) => [...name][0]).join("");
}

/** Of a name as one text. */
export function initialsOf(name) {
  return name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}
