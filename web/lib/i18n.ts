import type { Words } from '../locales/en.ts'

/** A language is a file of `locales/`, loaded when somebody speaks it. */
const FILES = import.meta.glob<{ words: Words }>('../locales/*.ts')
const FALLBACK = 'en'

const fileOf = (language: string) => FILES[`../locales/${language}.ts`]

export const LANGUAGES = Object.keys(FILES).map((path) => path.replace(/^.*\/(\w+)\.ts$/, '$1'))

/** The first of the wanted languages (`fr_FR`, `fr-CA`, `fr`) that there are words of. */
export function chooseLanguage(wanted: readonly string[]): string {
  const short = wanted.map((language) => language.slice(0, 2).toLowerCase())
  return short.find((language) => fileOf(language)) ?? FALLBACK
}

/** How that language is written where the reader is (`en-GB`): the first of the wanted ones that is a form of it. */
export function chooseLocale(wanted: readonly string[], language: string): string {
  const known = Intl.DateTimeFormat.supportedLocalesOf(wanted.map((one) => one.replace('_', '-')))
  return known.find((one) => one.slice(0, 2).toLowerCase() === language) ?? language
}

export async function loadWords(language: string): Promise<Words> {
  const load = fileOf(language) ?? fileOf(FALLBACK)
  if (load === undefined) throw new Error('no language at all')
  return (await load()).words
}

/** Numbers and times as a language (`fr`, `en-GB`) writes them. */
export function createFormats(language: string) {
  const number = new Intl.NumberFormat(language)
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const list = new Intl.ListFormat(language)
  return {
    number: (value: number) => number.format(value),
    day: (time: string) => day.format(new Date(time)),
    moment: (time: string) => moment.format(new Date(time)),
    /** "3 days ago", by the largest unit that fits. */
    ago: (time: string, now = Date.now()) => {
      const seconds = (new Date(time).getTime() - now) / 1000
      const [unit, length] =
        UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['minute', 60] as const)
      return relative.format(Math.trunc(seconds / length), unit)
    },
    list: (items: string[]) => list.format(items),
  }
}

const UNITS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

export type Formats = ReturnType<typeof createFormats>
