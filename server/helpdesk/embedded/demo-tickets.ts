import type { STATUS } from '../../domain/ticket-status.ts'
import type { TICKET_TYPES } from '../new-ticket.ts'
import { type ENTITIES, PEOPLE } from './demo-people.ts'

/** The demo's tickets: one of each state, and what a caller card has to cope with. People are named by their keys. */

/** Accounts of every ITSM-NG: the Super-Admin, and the technician whom the tickets are assigned to. */
const ITSM = 2
const TECH = 4
export const PHONE = 3
const EMAIL = 2
export const MEDIUM = 3

export interface DemoGroup {
  id: number
  name: string
  entity: keyof typeof ENTITIES
  recursive: boolean
  members: readonly number[]
}

export const GROUPS = {
  proximite: { id: 1, name: 'Support de proximité', entity: 'rhone', recursive: true, members: [TECH] },
  telephonie: { id: 2, name: 'Réseaux et téléphonie', entity: 'informatique', recursive: false, members: [] },
  reunion: { id: 3, name: 'Support de La Réunion', entity: 'reunion', recursive: true, members: [] },
} as const satisfies Record<string, DemoGroup>

export interface DemoCategory {
  id: number
  name: string
  /** The id of the category above; 0 for none. */
  parent: number
  entity: keyof typeof ENTITIES
  recursive: boolean
  forIncidents: boolean
  forRequests: boolean
}

const EVERYWHERE = { entity: 'root', recursive: true, forIncidents: true, forRequests: true } as const

/** Parents stand before their children. */
export const CATEGORIES = {
  materiel: { id: 1, name: 'Matériel', parent: 0, ...EVERYWHERE },
  poste: { id: 2, name: 'Poste de travail', parent: 1, ...EVERYWHERE },
  imprimante: { id: 3, name: 'Imprimante', parent: 1, ...EVERYWHERE },
  telephonie: { id: 4, name: 'Téléphonie', parent: 0, ...EVERYWHERE },
  fixe: { id: 5, name: 'Poste fixe', parent: 4, ...EVERYWHERE },
  mobile: { id: 6, name: 'Téléphone mobile', parent: 4, ...EVERYWHERE },
  logiciels: { id: 7, name: 'Logiciels', parent: 0, ...EVERYWHERE },
  messagerie: { id: 8, name: 'Messagerie', parent: 7, ...EVERYWHERE, forRequests: false },
  acces: { id: 9, name: 'Comptes et accès', parent: 0, ...EVERYWHERE, forIncidents: false },
  guichets: {
    id: 10,
    name: 'Guichets',
    parent: 0,
    entity: 'villefranche',
    recursive: true,
    forIncidents: true,
    forRequests: false,
  },
} as const satisfies Record<string, DemoCategory>

export interface DemoFollowup {
  day: number
  author: number
  content: string
  private?: boolean
}

export interface DemoTicket {
  title: string
  description: string
  type: keyof typeof TICKET_TYPES
  status: keyof typeof STATUS
  requester: keyof typeof PEOPLE
  /** The requester's entity where missing. */
  entity?: keyof typeof ENTITIES
  category: keyof typeof CATEGORIES | null
  urgency: number
  /** The day it was opened; the first is the day the demo's people were made. */
  day: number
  author: number
  source: number
  technician?: number
  group?: keyof typeof GROUPS
  observer?: keyof typeof PEOPLE
  followups?: readonly DemoFollowup[]
}

const CALL = { author: ITSM, source: PHONE, type: 'incident', urgency: MEDIUM } as const

/** In the order of their ids, from 1. */
export const TICKETS: readonly DemoTicket[] = [
  {
    ...CALL,
    title: 'Mot de passe oublié',
    description: 'Ne se souvient plus de son mot de passe après ses congés.',
    type: 'request',
    status: 'closed',
    requester: 'johnDoe',
    category: 'acces',
    day: 1,
    technician: TECH,
    followups: [
      { day: 1, author: TECH, content: 'Mot de passe provisoire donné par téléphone.' },
      { day: 2, author: TECH, content: 'Identité vérifiée par son responsable.', private: true },
    ],
  },
  {
    ...CALL,
    title: 'Imprimante du 2e étage : bourrage papier',
    description: "L'imprimante bloque à chaque impression recto verso.",
    status: 'solved',
    requester: 'johnDoe',
    category: 'imprimante',
    day: 3,
    technician: TECH,
    group: 'proximite',
    followups: [{ day: 4, author: TECH, content: 'Rouleau remplacé ; à surveiller une semaine.' }],
  },
  {
    ...CALL,
    title: 'Pas de tonalité au poste 4521',
    description: 'Depuis ce matin.\nLe combiné a été échangé avec celui du voisin : même panne.',
    status: 'assigned',
    requester: 'johnDoe',
    category: 'fixe',
    urgency: 4,
    day: 8,
    technician: TECH,
    group: 'telephonie',
    observer: 'accents',
    followups: [
      { day: 8, author: TECH, content: 'Prise testée : pas de signal au répartiteur.' },
      { day: 9, author: TECH, content: "L'opérateur passe mardi. Ne pas promettre d'heure.", private: true },
      { day: 9, author: PEOPLE.johnDoe.id, content: "Je suis joignable sur mon mobile d'ici là." },
    ],
  },
  {
    ...CALL,
    title: 'Second écran',
    description: 'Souhaite un second écran pour le suivi des dossiers.',
    type: 'request',
    status: 'pending',
    requester: 'johnDoe',
    category: 'poste',
    urgency: 2,
    day: 9,
    technician: TECH,
    followups: [{ day: 10, author: TECH, content: "En attente de l'accord du service des achats." }],
  },
  {
    ...CALL,
    title: 'La messagerie ne répond plus',
    description: 'Outlook reste sur « Tentative de connexion… » ; le webmail fonctionne.',
    status: 'new',
    requester: 'johnDoe',
    category: 'messagerie',
    urgency: 5,
    day: 14,
  },
  {
    ...CALL,
    title: 'Borne du guichet 3 éteinte',
    description: "La borne d'appel ne s'allume plus ; le public attend.",
    status: 'assigned',
    requester: 'bareExtension',
    category: 'guichets',
    urgency: 5,
    day: 13,
    technician: PEOPLE.severalProfiles.id,
    followups: [
      { day: 13, author: PEOPLE.severalProfiles.id, content: 'Sur place à 14 h avec une borne de rechange.' },
      {
        day: 13,
        author: PEOPLE.severalProfiles.id,
        content: 'Alimentation déjà changée en mars.',
        private: true,
      },
    ],
  },
  {
    ...CALL,
    title: 'Changement de nom sur le poste fixe',
    description: "L'afficheur montre encore le nom de son prédécesseur.",
    type: 'request',
    status: 'planned',
    requester: 'bareExtension',
    category: 'fixe',
    urgency: 1,
    day: 6,
    group: 'proximite',
  },
  {
    ...CALL,
    title: "Clavier collant à l'accueil",
    description: 'Café renversé.',
    status: 'closed',
    requester: 'switchboardOne',
    category: 'poste',
    day: 2,
    technician: TECH,
    followups: [{ day: 2, author: TECH, content: 'Clavier échangé.' }],
  },
  {
    ...CALL,
    title: 'Coupures pendant les appels vers La Réunion',
    description: 'La voix est hachée une fois sur deux.',
    status: 'assigned',
    requester: 'overseas',
    category: 'telephonie',
    urgency: 4,
    day: 11,
    group: 'reunion',
  },
  {
    ...CALL,
    title: 'Téléphone mobile perdu',
    description: 'Perdu dans le train ; ligne à suspendre tout de suite.',
    status: 'solved',
    requester: 'overseasBelow',
    category: 'mobile',
    urgency: 5,
    day: 5,
    technician: ITSM,
    group: 'reunion',
    followups: [{ day: 5, author: ITSM, content: 'Ligne suspendue, terminal effacé à distance.' }],
  },
  {
    ...CALL,
    title: 'Accès au dossier partagé « Élections »',
    description: 'Lecture seule pour toute la direction.',
    type: 'request',
    status: 'new',
    requester: 'spacedNumber',
    category: 'acces',
    day: 13,
    source: EMAIL,
  },
  {
    ...CALL,
    title: "L'accent d'O'Brien : é, è & <ç>",
    description: 'Son nom apparaît « O&#39;Brien » dans <b>deux</b> applications.',
    status: 'pending',
    requester: 'apostrophe',
    category: 'logiciels',
    urgency: 2,
    day: 7,
    technician: TECH,
  },
  {
    ...CALL,
    title: 'Poste de travail lent',
    description: 'Cinq minutes pour ouvrir une session.',
    status: 'assigned',
    requester: 'severalProfiles',
    entity: 'villefranche',
    category: null,
    day: 10,
    technician: TECH,
  },
]
