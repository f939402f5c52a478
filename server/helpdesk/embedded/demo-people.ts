/**
 * The demo's organisation: a prefecture as there are many, and people who each stand for one case. Tests name them by
 * their keys. Numbers are made up: from the ranges that ARCEP keeps for fiction (01 99 00, 04 65 71), or full of zeros.
 */

interface DemoEntity {
  id: number
  name: string
  /** The id of the entity above. */
  parent: number
  /** The country that its numbers belong to, where it is not France. */
  country?: string
}

/** Parents stand before their children. The root comes with every helpdesk. */
export const ENTITIES = {
  root: { id: 0, name: 'Root entity', parent: -1 },
  rhone: { id: 1, name: 'Préfecture du Rhône', parent: 0 },
  secretariat: { id: 2, name: 'Secrétariat général', parent: 1 },
  informatique: { id: 3, name: 'Service informatique', parent: 2 },
  citoyennete: { id: 4, name: 'Direction de la citoyenneté', parent: 1 },
  villefranche: { id: 5, name: 'Sous-préfecture de Villefranche', parent: 1 },
  accueil: { id: 6, name: 'Accueil du public', parent: 5 },
  reunion: { id: 7, name: 'La Réunion', parent: 0, country: 'RE' },
  saintPierre: { id: 8, name: 'Sous-préfecture de Saint-Pierre', parent: 7 },
} as const satisfies Record<string, DemoEntity>

interface DemoLocation {
  id: number
  name: string
  /** The id of the location around it; 0 for none. */
  parent: number
  entity: keyof typeof ENTITIES
  recursive: boolean
}

/** Parents stand before their children. */
export const LOCATIONS = {
  cite: { id: 1, name: 'Cité administrative', parent: 0, entity: 'rhone', recursive: true },
  batimentA: { id: 2, name: 'Bâtiment A', parent: 1, entity: 'rhone', recursive: true },
  bureau214: { id: 3, name: 'Bureau 214', parent: 2, entity: 'informatique', recursive: false },
  hotel: { id: 4, name: 'Hôtel de la sous-préfecture', parent: 0, entity: 'villefranche', recursive: true },
  guichet3: { id: 5, name: 'Guichet 3', parent: 4, entity: 'accueil', recursive: false },
  barachois: { id: 6, name: 'Place du Barachois', parent: 0, entity: 'reunion', recursive: true },
} as const satisfies Record<string, DemoLocation>

export type ProfileName = 'Self-Service' | 'Observer' | 'Super-Admin' | 'Hotliner' | 'Technician'

export interface DemoPerson {
  id: number
  /** Why this person is here. */
  why: string
  login: string
  lastname: string
  firstname: string
  entity: keyof typeof ENTITIES
  location: keyof typeof LOCATIONS | null
  /** In our own table; null is no row there. */
  rio: string | null
  registrationNumber: string | null
  phone: string | null
  phone2: string | null
  mobile: string | null
  /** The default address. */
  email: string | null
  /** Addresses that are not the default one; their rows stand before its. */
  otherEmails: readonly string[]
  memberships: readonly { profile: ProfileName; entity: keyof typeof ENTITIES; recursive: boolean }[]
  isActive: boolean
  isDeleted: boolean
  beginDate: string | null
  endDate: string | null
}

const ORDINARY = {
  location: null,
  rio: null,
  registrationNumber: null,
  phone: null,
  phone2: null,
  mobile: null,
  email: null,
  otherEmails: [],
  isActive: true,
  isDeleted: false,
  beginDate: null,
  endDate: null,
} satisfies Partial<DemoPerson>

type Given = Omit<Partial<DemoPerson>, 'id' | 'why'> &
  Pick<DemoPerson, 'login' | 'lastname' | 'firstname' | 'entity'>

/** Who is not told otherwise is a Self-Service user of the own entity alone, and usable. */
export function person(id: number, why: string, given: Given): DemoPerson {
  const memberships = [{ profile: 'Self-Service', entity: given.entity, recursive: false }] as const
  return { ...ORDINARY, memberships, ...given, id, why }
}

/** The longest identifier a column holds. */
const LONGEST_RIO = `LONG-${'0123456789'.repeat(25)}`

export const PEOPLE = {
  johnDoe: person(1, 'the documented example', {
    login: 'john.doe',
    lastname: 'Doe',
    firstname: 'John',
    entity: 'rhone',
    location: 'batimentA',
    rio: '1234567890',
    registrationNumber: '20001',
    phone: '+1234567890',
    email: 'john.doe@example.com',
  }),

  // Spellings of telephone numbers.
  accents: person(6, 'accents in the name, a number with dots', {
    login: 'eleonore.lefevre',
    lastname: 'Lefèvre',
    firstname: 'Éléonore',
    entity: 'secretariat',
    location: 'batimentA',
    rio: '1045872',
    registrationNumber: '20006',
    phone: '01.23.45.67.89',
    mobile: '06 00 00 10 06',
    email: 'eleonore.lefevre@example.org',
  }),
  numericLogin: person(
    7,
    'a login that could be a RIO, and is not this RIO; a number with (0) after the country',
    {
      login: '2041987',
      lastname: 'Durand',
      firstname: 'Marc',
      entity: 'informatique',
      location: 'bureau214',
      rio: '1082231',
      registrationNumber: '20007',
      phone: '+33 (0)1 99 00 12 07',
      mobile: '0600001007',
      email: 'marc.durand@example.org',
    },
  ),
  spacedNumber: person(8, 'a number in pairs, one that begins with 00 33', {
    login: 'claire.moreau',
    lastname: 'Moreau',
    firstname: 'Claire',
    entity: 'citoyennete',
    location: 'cite',
    rio: '1190345',
    registrationNumber: '20008',
    phone: '04 72 00 00 40',
    phone2: '00 33 4 65 71 12 08',
    email: 'claire.moreau@example.org',
  }),
  twoNumbers: person(9, 'two numbers in one field', {
    login: 'karim.benali',
    lastname: 'Benali',
    firstname: 'Karim',
    entity: 'citoyennete',
    rio: '1203377',
    registrationNumber: '20009',
    phone: '04 65 71 12 09 / 06 00 00 12 09',
    email: 'karim.benali@example.org',
  }),
  extensionWithWord: person(10, 'an extension, called poste', {
    login: 'isabelle.girard',
    lastname: 'Girard',
    firstname: 'Isabelle',
    entity: 'secretariat',
    location: 'batimentA',
    rio: '1217840',
    registrationNumber: '20010',
    phone: 'poste 4521',
    email: 'isabelle.girard@example.org',
  }),
  bareExtension: person(11, 'the same extension, bare', {
    login: 'thierry.roux',
    lastname: 'Roux',
    firstname: 'Thierry',
    entity: 'villefranche',
    location: 'hotel',
    rio: '1228904',
    registrationNumber: '20011',
    phone: '4521',
    email: 'thierry.roux@example.org',
  }),
  numberWithExtension: person(12, 'a number with an extension', {
    login: 'sophie.lambert',
    lastname: 'Lambert',
    firstname: 'Sophie',
    entity: 'informatique',
    location: 'bureau214',
    rio: '1236618',
    registrationNumber: '20012',
    phone: '04 65 71 12 00 poste 4530',
    email: 'sophie.lambert@example.org',
  }),
  switchboardOne: person(13, 'one of two behind a switchboard', {
    login: 'nathalie.faure',
    lastname: 'Faure',
    firstname: 'Nathalie',
    entity: 'accueil',
    location: 'guichet3',
    rio: '1240093',
    registrationNumber: '20013',
    phone: '04 65 71 00 00',
    email: 'nathalie.faure@example.org',
  }),
  switchboardTwo: person(14, 'the other behind the switchboard, spelled otherwise', {
    login: 'olivier.blanc',
    lastname: 'Blanc',
    firstname: 'Olivier',
    entity: 'citoyennete',
    location: 'cite',
    rio: '1251726',
    registrationNumber: '20014',
    phone: '+33465710000',
    email: 'olivier.blanc@example.org',
  }),
  overseas: person(15, 'a national number of La Réunion, where the entity says so', {
    login: 'marie-ange.hoarau',
    lastname: 'Hoarau',
    firstname: 'Marie-Ange',
    entity: 'reunion',
    location: 'barachois',
    rio: '1260459',
    registrationNumber: '20015',
    phone: '0262 00 00 15',
    email: 'marie-ange.hoarau@example.org',
  }),
  overseasBelow: person(16, 'a national number of La Réunion, where the entity above says so', {
    login: 'jean-yves.payet',
    lastname: 'Payet',
    firstname: 'Jean-Yves',
    entity: 'saintPierre',
    location: 'barachois',
    rio: '1271182',
    registrationNumber: '20016',
    phone: '0262 00 00 16',
    mobile: '0692 00 00 16',
    email: 'jean-yves.payet@example.org',
  }),

  // Who may be seen, and from where.
  deleted: person(17, 'in the bin', {
    login: 'lucie.perrin',
    lastname: 'Perrin',
    firstname: 'Lucie',
    entity: 'rhone',
    rio: '1284416',
    registrationNumber: '20017',
    phone: '04 65 71 12 17',
    email: 'lucie.perrin@example.org',
    isDeleted: true,
  }),
  inactive: person(18, 'deactivated', {
    login: 'bruno.mercier',
    lastname: 'Mercier',
    firstname: 'Bruno',
    entity: 'rhone',
    rio: '1295503',
    registrationNumber: '20018',
    phone: '04 65 71 12 18',
    email: 'bruno.mercier@example.org',
    isActive: false,
  }),
  notYetBegun: person(19, 'begins later', {
    login: 'ines.garnier',
    lastname: 'Garnier',
    firstname: 'Inès',
    entity: 'rhone',
    rio: '1306627',
    registrationNumber: '20019',
    phone: '04 65 71 12 19',
    email: 'ines.garnier@example.org',
    // As late as the host's TIMESTAMP columns go.
    beginDate: '2037-09-01 00:00:00',
  }),
  ended: person(20, 'has left', {
    login: 'gerard.chevalier',
    lastname: 'Chevalier',
    firstname: 'Gérard',
    entity: 'rhone',
    rio: '1317758',
    registrationNumber: '20020',
    phone: '04 65 71 12 20',
    email: 'gerard.chevalier@example.org',
    endDate: '2023-12-31 18:00:00',
  }),
  otherEntity: person(21, 'belongs to another entity alone', {
    login: 'fabrice.riviere',
    lastname: 'Rivière',
    firstname: 'Fabrice',
    entity: 'saintPierre',
    location: 'barachois',
    rio: '1328861',
    registrationNumber: '20021',
    phone: '0262 00 00 21',
    email: 'fabrice.riviere@example.org',
  }),
  recursive: person(22, 'belongs to an entity and to all below it', {
    login: 'helene.fontaine',
    lastname: 'Fontaine',
    firstname: 'Hélène',
    entity: 'rhone',
    location: 'cite',
    rio: '1339972',
    registrationNumber: '20022',
    phone: '04 65 71 12 22',
    email: 'helene.fontaine@example.org',
    memberships: [{ profile: 'Self-Service', entity: 'rhone', recursive: true }],
  }),
  notRecursive: person(23, 'belongs to the same entity, and to none below it', {
    login: 'pascal.robin',
    lastname: 'Robin',
    firstname: 'Pascal',
    entity: 'rhone',
    location: 'cite',
    rio: '1340083',
    registrationNumber: '20023',
    phone: '04 65 71 12 23',
    email: 'pascal.robin@example.org',
  }),
  severalProfiles: person(24, 'holds several profiles in several entities', {
    login: 'valerie.caron',
    lastname: 'Caron',
    firstname: 'Valérie',
    entity: 'informatique',
    location: 'bureau214',
    rio: '1351194',
    registrationNumber: '20024',
    phone: '04 65 71 12 24',
    email: 'valerie.caron@example.org',
    memberships: [
      { profile: 'Self-Service', entity: 'informatique', recursive: false },
      { profile: 'Technician', entity: 'villefranche', recursive: true },
      { profile: 'Hotliner', entity: 'reunion', recursive: false },
    ],
  }),
  noProfile: person(25, 'holds no profile, so only who sees all entities sees her', {
    login: 'agathe.leroy',
    lastname: 'Leroy',
    firstname: 'Agathe',
    entity: 'rhone',
    rio: '1362205',
    registrationNumber: '20025',
    phone: '04 65 71 12 25',
    email: 'agathe.leroy@example.org',
    memberships: [],
  }),

  // What the answer's fields are made of.
  emailsWithoutDefault: person(26, 'several addresses, none the default: the first one counts', {
    login: 'david.marchand',
    lastname: 'Marchand',
    firstname: 'David',
    entity: 'citoyennete',
    rio: '1373316',
    registrationNumber: '20026',
    phone: '04 65 71 12 26',
    otherEmails: ['d.marchand@example.org', 'a.first-by-letter@example.org'],
  }),
  defaultEmailLast: person(27, 'the default address is not the first', {
    login: 'sandrine.picard',
    lastname: 'Picard',
    firstname: 'Sandrine',
    entity: 'citoyennete',
    rio: '1384427',
    registrationNumber: '20027',
    phone: '04 65 71 12 27',
    email: 'sandrine.picard@example.org',
    otherEmails: ['old.address@example.org'],
  }),
  sameRioOne: person(28, 'has the same RIO as another', {
    login: 'paul.henry',
    lastname: 'Henry',
    firstname: 'Paul',
    entity: 'villefranche',
    location: 'hotel',
    rio: '1395538',
    registrationNumber: '20028',
    phone: '04 65 71 12 28',
    email: 'paul.henry@example.org',
  }),
  sameRioTwo: person(29, 'has the same RIO as another, in another entity', {
    login: 'paule.henry',
    lastname: 'Henry',
    firstname: 'Paule',
    entity: 'reunion',
    location: 'barachois',
    rio: '1395538',
    registrationNumber: '20029',
    phone: '0262 00 00 29',
    email: 'paule.henry@example.org',
  }),
  noPhone: person(30, 'has a RIO, and neither number, address nor location', {
    login: 'remi.colin',
    lastname: 'Colin',
    firstname: 'Rémi',
    entity: 'villefranche',
    rio: '1406649',
    registrationNumber: '20030',
  }),
  noRio: person(31, 'has a number, and neither RIO nor registration number', {
    login: 'camille.vidal',
    lastname: 'Vidal',
    firstname: 'Camille',
    entity: 'villefranche',
    location: 'hotel',
    phone: '04 65 71 12 31',
    email: 'camille.vidal@example.org',
  }),
  emptyRio: person(32, 'has an empty RIO, as the predecessor left them', {
    login: 'antoine.leclerc',
    lastname: 'Leclerc',
    firstname: 'Antoine',
    entity: 'villefranche',
    rio: '',
    registrationNumber: '',
    phone: '04 65 71 12 32',
    email: 'antoine.leclerc@example.org',
  }),
  apostrophe: person(33, 'an apostrophe in name, login and address', {
    login: "siobhan.o'brien",
    lastname: "O'Brien",
    firstname: 'Siobhán',
    entity: 'citoyennete',
    rio: '1417750',
    registrationNumber: '20033',
    phone: '04 65 71 12 33',
    email: "siobhan.o'brien@example.org",
  }),
  markup: person(34, 'markup in the first name', {
    login: 'bold.gaillard',
    lastname: 'Gaillard',
    firstname: '<b>Bold</b>',
    entity: 'informatique',
    rio: '1428861',
    registrationNumber: '20034',
    phone: '04 65 71 12 34',
    email: 'bold.gaillard@example.org',
  }),
  emoji: person(35, 'three code points that are one sign in the first name', {
    login: 'lea.noel',
    lastname: 'Noël',
    firstname: 'Léa 👩‍💻',
    entity: 'informatique',
    rio: '1439972',
    registrationNumber: '20035',
    phone: '04 65 71 12 35',
    email: 'lea.noel@example.org',
  }),

  // Spellings of RIOs.
  leadingZeros: person(36, 'a RIO with zeros in front', {
    login: 'yves.masson',
    lastname: 'Masson',
    firstname: 'Yves',
    entity: 'secretariat',
    rio: '0001234',
    registrationNumber: '00036',
    phone: '04 65 71 12 36',
    email: 'yves.masson@example.org',
  }),
  separatedRio: person(37, 'a RIO written with a space and a dash', {
    login: 'monique.dupuis',
    lastname: 'Dupuis',
    firstname: 'Monique',
    entity: 'secretariat',
    rio: '12 34-567',
    registrationNumber: '20 037',
    phone: '04 65 71 12 37',
    email: 'monique.dupuis@example.org',
  }),
  slashRio: person(38, 'a RIO with a slash that counts', {
    login: 'alain.barbier',
    lastname: 'Barbier',
    firstname: 'Alain',
    entity: 'secretariat',
    rio: 'RH/2038',
    registrationNumber: '20038',
    phone: '04 65 71 12 38',
    email: 'alain.barbier@example.org',
  }),
  longestRio: person(39, 'a RIO as long as the column', {
    login: 'zoe.arnaud',
    lastname: 'Arnaud',
    firstname: 'Zoé',
    entity: 'secretariat',
    rio: LONGEST_RIO,
    registrationNumber: '20039',
    phone: '04 65 71 12 39',
    email: 'zoe.arnaud@example.org',
  }),
  portabilityCode: person(40, 'a portability code for a RIO', {
    login: 'hugo.renard',
    lastname: 'Renard',
    firstname: 'Hugo',
    entity: 'secretariat',
    rio: '01P123456XYZ',
    registrationNumber: '20040',
    phone: '04 65 71 12 40',
    email: 'hugo.renard@example.org',
  }),
}
