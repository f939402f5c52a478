/** The host's sanitiser (host-contract §1.0): these two characters, and nothing else. */
export function sanitise(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A path in a tree as the host shows it: the separator is stored plain and encoded for show. */
export function shownPath(completename: string): string {
  return completename.replaceAll(' > ', ' &gt; ')
}

/** How the host names somebody: family name and first name, else the login. */
export function friendlyName(user: { name: string; realname: string; firstname: string }): string {
  if (user.realname === '') return user.name
  return user.firstname === '' ? user.realname : `${user.realname} ${user.firstname}`
}
