/** What a host writes for characters that it does not store plain. */
type Sanitise = (text: string) => string

/**
 * The sanitiser of a host (host-contract §1.0) by its GLPI number: two characters and nothing else in GLPI 9.5 and every
 * ITSM-NG; three, as numbers, in GLPI 10; none from GLPI 11 on.
 */
export function sanitiserOf(version: string): Sanitise {
  const major = Number.parseInt(version, 10)
  if (major >= 11) return (text) => text
  if (major === 10) {
    return (text) => text.replaceAll('&', '&#38;').replaceAll('<', '&#60;').replaceAll('>', '&#62;')
  }
  return (text) => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
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
