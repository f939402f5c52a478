import { useState } from 'preact/hooks'
import type { NewEntity, NewLocation } from '../../contract/places.ts'
import { Button } from '../components/button.tsx'
import type { Item } from '../components/combobox.tsx'
import { Dialog } from '../components/dialog.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { type Kind, type Place, wordsOf } from './kind.ts'
import { PlaceChoice } from './place-choice.tsx'
import { PLACE_FIELDS, PlaceFields, type Typed } from './place-fields.tsx'

interface Props {
  kind: Kind
  below: Place | null
  onDone: (text: string) => void
  onClose: () => void
}

export function NewPlace({ kind, below, onDone, onClose }: Props) {
  const { client, session, words } = useFrame()
  const [typed, setTyped] = useState<Typed>({
    name: '',
    parent: below && { id: below.id, name: below.path },
    recursive: below?.recursive ?? false,
  })
  const active = { id: session.entity.id, name: session.entity.path }
  const [entity, setEntity] = useState<Item | null>(active)
  const [isTried, setTried] = useState(false)

  const add = useAction(async () => {
    const { name, parent, recursive } = typed
    const body: NewEntity | NewLocation =
      kind === 'entities'
        ? { name, parentId: parent?.id ?? 0 }
        : { name, parentId: parent?.id ?? null, entityId: entity?.id ?? active.id, recursive }
    await client.send<Place>('POST', kind, { body })
    onDone(words.entities.made(name))
  })
  const refused = fieldErrors(add.failure, [...PLACE_FIELDS, 'entityId'])
  const missing = {
    name: typed.name.trim() === '',
    parentId: kind === 'entities' && typed.parent === null,
    recursive: false,
  }
  const isMissing = missing.name || missing.parentId
  return (
    <Dialog title={wordsOf(kind, words).add} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (!isMissing) add.run()
        }}
      >
        {refused.rest && <FailureNotice failure={refused.rest} />}
        <PlaceFields
          kind={kind}
          typed={typed}
          onChange={(change) => setTyped((last) => ({ ...last, ...change }))}
          errorOf={(field) => (isTried && missing[field] ? words.common.required : refused.of(field))}
        >
          {kind === 'locations' && (
            <PlaceChoice
              kind="entities"
              label={words.person.entity}
              value={entity}
              onChange={setEntity}
              error={refused.of('entityId')}
            />
          )}
        </PlaceFields>
        <div class="buttons">
          <Button type="submit" kind="primary" busy={add.busy}>
            {words.common.add}
          </Button>
          <Button onClick={onClose}>{words.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  )
}
