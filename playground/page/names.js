// What people are called.

export function fullName(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(" ");
}

export function initials(user) {
  return [user.first_name, user.last_name].filter(Boolean).map((name) => [...name][0]).join("");
}
