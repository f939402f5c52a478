import { fold } from './words.ts'

/** What a column of an import can hold, with the names that a header row may give it. The first name is the export's. */
export const IMPORT_COLUMNS = {
  login: ['login', 'identifiant', 'user name', "nom d'utilisateur", 'name'],
  lastname: ['lastname', 'last name', 'surname', 'family name', 'nom', 'nom de famille', 'realname'],
  firstname: ['firstname', 'first name', 'given name', 'prénom'],
  rio: ['rio', 'rio number', 'numéro rio', 'n° rio', 'code rio'],
  phone: ['phone', 'telephone', 'téléphone', 'phone number', 'numéro de téléphone', 'tél', 'telephoneNumber'],
  phone2: ['phone2', 'phone 2', 'téléphone 2', 'tél 2', 'second phone', 'second téléphone'],
  mobile: ['mobile', 'mobile phone', 'portable', 'téléphone portable', 'téléphone mobile'],
  email: [
    'email',
    'e-mail',
    'mail',
    'email address',
    'courriel',
    'adresse électronique',
    'adresse de messagerie',
  ],
  registrationNumber: [
    'registration number',
    'administrative number',
    'employee number',
    'matricule',
    "numéro d'administration",
    'numéro administratif',
    'employeeNumber',
  ],
  entity: ['entity', 'entité', 'default entity', 'entité par défaut'],
  location: ['location', 'lieu', 'emplacement'],
  active: ['active', 'actif', 'is active', 'est actif'],
} as const satisfies Record<string, readonly string[]>

export type ImportColumn = keyof typeof IMPORT_COLUMNS

/** Letter case, accents, spaces and signs make no difference: `N° RIO` is `n rio`, `Prénom` is `prenom`. */
function folded(name: string): string {
  return fold(name).replace(/[^\p{L}\p{N}]/gu, '')
}

const BY_NAME = new Map(
  Object.entries(IMPORT_COLUMNS).flatMap(([column, names]) =>
    [column, ...names].map((name) => [folded(name), column as ImportColumn] as const),
  ),
)

export interface Header {
  /** Where each column stands in a line. */
  positions: ReadonlyMap<ImportColumn, number>
  /** How the file itself names each column. */
  names: ReadonlyMap<ImportColumn, string>
  /** Columns that are not ours. */
  ignored: string[]
  /** Columns that stand there twice. */
  doubled: string[]
  width: number
}

export function readHeader(cells: readonly string[]): Header {
  const positions = new Map<ImportColumn, number>()
  const names = new Map<ImportColumn, string>()
  const [ignored, doubled]: [string[], string[]] = [[], []]
  for (const [position, cell] of cells.entries()) {
    const name = cell.trim()
    const column = BY_NAME.get(folded(name))
    if (column === undefined) {
      if (name !== '') ignored.push(name)
    } else if (positions.has(column)) doubled.push(name)
    else {
      positions.set(column, position)
      names.set(column, name)
    }
  }
  return { positions, names, ignored, doubled, width: cells.length }
}
