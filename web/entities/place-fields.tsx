import type { ComponentChildren } from 'preact'
import type { Item } from '../components/combobox.tsx'
import { Checkbox, TextField } from '../components/field.tsx'
import { useFrame } from '../lib/frame.tsx'
import { type Kind, wordsOf } from './kind.ts'
import { PlaceChoice } from './place-choice.tsx'

export interface Typed {
  name: string
  parent: Item | null
  recursive: boolean
}

export const PLACE_FIELDS = ['name', 'parentId', 'recursive'] as const
type PlaceField = (typeof PLACE_FIELDS)[number]

interface Props {
  kind: Kind
  typed: Typed
  onChange: (change: Partial<Typed>) => void
  /** What is wrong with a field. */
  errorOf: (field: PlaceField) => string | undefined
  /** False for the root, which stands below nothing. */
  hasParent?: boolean
  /** What a form has besides. */
  children?: ComponentChildren
}

/** What entities and locations have in common, and that a location may also be for the entities below. */
export function PlaceFields({ kind, typed, onChange, errorOf, hasParent = true, children }: Props) {
  const { words } = useFrame()
  const say = wordsOf(kind, words)
  return (
    <>
      <TextField
        label={words.entities.name}
        value={typed.name}
        onInput={(name) => onChange({ name })}
        error={errorOf('name')}
        required
        input={{ autocomplete: 'off', maxLength: 255 }}
      />
      {hasParent && (
        <PlaceChoice
          kind={kind}
          label={say.parent}
          value={typed.parent}
          onChange={(parent) => onChange({ parent })}
          error={errorOf('parentId')}
          required={kind === 'entities'}
        />
      )}
      {children}
      {kind === 'locations' && (
        <Checkbox
          label={words.entities.recursive}
          checked={typed.recursive}
          onChange={(recursive) => onChange({ recursive })}
          hint={errorOf('recursive')}
        />
      )}
    </>
  )
}
