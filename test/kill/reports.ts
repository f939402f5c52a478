/** A write that the server has acknowledged. */
export type Acknowledged =
  | { kind: 'user'; id: number; login: string; phone: string; registrationNumber: string }
  /** The user's registration number and mobile both hold `number`, which only grows. */
  | { kind: 'change'; id: number; number: number }
  | { kind: 'ticket'; id: number; title: string; requesterId: number }
  | { kind: 'followup'; id: number; ticketId: number; content: string }
  | { kind: 'session'; token: string }

/** What the child tells the test, a JSON text on a line of its own. */
export type Report =
  | Acknowledged
  | { kind: 'loaded' }
  | { kind: 'listening'; address: string }
  | { kind: 'stopped'; begun: number; finished: number }
  /** Bytes of the heap that are still of use. */
  | { kind: 'heap'; used: number }

/** What the test tells the child, likewise. */
export type Command = { do: 'start' } | { do: 'write'; work: WriterWork } | { do: 'measure' }

/** What the child's own writers need. */
export interface WriterWork {
  round: number
  /** A session with every right. */
  token: string
  /** The API token of its account, for logging in. */
  userToken: string
  /** Users to change, one writer each. */
  targets: number[]
}
