// The countries that share the French ten-digit national numbering plan.
const COUNTRIES = new Set(['FR', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF'])

// Within that plan, the first digits (after the 0) that belong to another calling code than 33.
const OVERSEAS_CALLING_CODES = new Map([
  ['262', '262'], // La Réunion
  ['263', '262'],
  ['692', '262'],
  ['693', '262'],
  ['269', '262'], // Mayotte
  ['639', '262'],
  ['590', '590'], // Guadeloupe, Saint-Barthélemy, Saint-Martin
  ['690', '590'],
  ['691', '590'],
  ['594', '594'], // Guyane
  ['694', '594'],
  ['596', '596'], // Martinique
  ['696', '596'],
  ['697', '596'],
])

// The nine digits that follow any way of writing the prefix: +33, 33, +330, 330, 0 or (a spreadsheet ate it) nothing.
const FRENCH_NUMBER = /^(?:\+?33)?0?([1-9][0-9]{8})$/
// The same begun. Both readings of 33… are possible still: the calling code, or a number without its 0.
const FRENCH_BEGINNINGS = [/^\+?330?([1-9][0-9]{0,8})$/, /^0?([1-9][0-9]{0,8})$/]
const SAINT_PIERRE = '508'

/**
 * The E.164 number behind a French spelling (digits, perhaps after a +), or null when it is not one. Numbers of the
 * plan are dialled alike in metropolitan and overseas departments, but their calling codes differ, and PBXs write
 * `+33692…` for what the network calls `+262692…`.
 */
export function frenchE164(digits: string, country: string): string | null {
  if (!COUNTRIES.has(country) && !digits.startsWith('+33')) return null

  const national = FRENCH_NUMBER.exec(digits)?.[1]
  if (national === undefined) return null

  // Saint-Pierre-et-Miquelon alone has six-digit numbers: its 508 is both the calling code and the first digits.
  if (national.startsWith(SAINT_PIERRE)) return `+${national}`

  return `+${OVERSEAS_CALLING_CODES.get(national.slice(0, 3)) ?? '33'}${national}`
}

/**
 * What the E.164 numbers begin with whose French spelling begins with these digits (perhaps after a +); empty when there
 * are none. While too few are typed to tell metropolitan from overseas numbers, it is both.
 */
export function frenchPrefixes(digits: string, country: string): string[] {
  if (!COUNTRIES.has(country) && !digits.startsWith('+33')) return []
  return FRENCH_BEGINNINGS.flatMap((beginning) => {
    const national = beginning.exec(digits)?.[1]
    if (national === undefined) return []
    if (national.startsWith(SAINT_PIERRE)) return [`+${national}`]
    const overseas = OVERSEAS_CALLING_CODES.get(national.slice(0, 3))
    if (national.length >= 3) return [`+${overseas ?? '33'}${national}`]
    const possible = [...OVERSEAS_CALLING_CODES].filter(([first]) => first.startsWith(national))
    return [
      `+33${national}`,
      ...possible.map(([first, code]) => `+${code}${first}`),
      ...(SAINT_PIERRE.startsWith(national) ? [`+${SAINT_PIERRE}`] : []),
    ]
  })
}

// As frenchE164 makes them: nine digits behind a calling code, or the six of Saint-Pierre-et-Miquelon behind 508.
const OF_THE_PLAN = /^\+(?:(?:33|262|590|594|596)([1-9][0-9]{8})|(508[0-9]{6}))$/

/** The ten digits that a number of the plan is dialled by in France, from its E.164 form; null for any other. */
export function frenchNational(e164: string): string | null {
  const [, national, saintPierre] = OF_THE_PLAN.exec(e164) ?? []
  const digits = national ?? saintPierre
  return digits === undefined ? null : `0${digits}`
}
