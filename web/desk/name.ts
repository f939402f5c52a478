import type { Words } from '../locales/en.ts'

interface Named {
  lastname: string
  firstname: string
  login: string
}

/** Somebody as ITSM-NG names them: last name, first name, or the login where there is neither. */
export function nameOf({ lastname, firstname, login }: Named, words: Words): string {
  return `${lastname} ${firstname}`.trim() || login || words.person.nameless
}
