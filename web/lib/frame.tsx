import type { Signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Session } from '../../contract/session.ts'
import type { Words } from '../locales/en.ts'
import type { Client } from './client.ts'
import type { Formats } from './i18n.ts'

/** What stands around a view before anybody has logged in. */
export interface Surroundings {
  /** Where Call Manager lies: `/plugins/callmanager`, behind the host's sub-directory. */
  base: string
  /** The host's sub-directory; empty for none. */
  root: string
  /** Whether people log in here, or at the host. */
  logsIn: 'here' | 'host'
  /** The custom element that all of it stands in. */
  element: HTMLElement
  /** Whether the whole page is ours, so that its title and language are too. */
  namesTab: boolean
  /** Asks without renewing a session that has ended. */
  client: Client
  /** Such as `fr`. */
  language: string
  words: Words
  formats: Formats
  /** Announces something to who listens rather than looks, without moving the focus. */
  announce: (text: string) => void
  /** What was announced last. */
  announcement: Signal<string>
}

/** The same around a view of somebody who is known. */
export interface Frame extends Surroundings {
  /** Asks, and waits for a new session where the old one has ended. */
  client: Client
  session: Session
  /** Reads the session again, after a switch of profile, entity or language. */
  renew: () => Promise<void>
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined)
export const FrameContext = createContext<Frame | undefined>(undefined)

export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext)
  if (surroundings === undefined) throw new Error('a view stands outside of <Start>')
  return surroundings
}

export function useFrame(): Frame {
  const frame = useContext(FrameContext)
  if (frame === undefined) throw new Error('a view of somebody stands outside of <Start>')
  return frame
}

export const useWords = () => useSurroundings().words
export const useFormats = () => useSurroundings().formats
