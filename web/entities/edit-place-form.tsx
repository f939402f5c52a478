import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { EntityChange, LocationChange } from '../../contract/places.ts'
import { Button } from '../components/button.tsx'
import { ChangedMeanwhile } from '../components/changed-meanwhile.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Notice } from '../components/notice.tsx'
import { type Answer, codeOf } from '../lib/client.ts'
import { fieldErrors } from '../lib/field-errors.ts'
import { useFrame } from '../lib/frame.tsx'
import { useAction } from '../lib/use-action.ts'
import { type Kind, type Place, pathAbove } from './kind.ts'
import { PLACE_FIELDS, PlaceFields, type Typed } from './place-fields.tsx'

interface Props {
  kind: Kind
  read: Answer<Place>
  onRead: (answer: Answer<Place>) => void
  onDone: (text: string) => void
  /** The other buttons. */
  children: ComponentChildren
}

export function EditPlaceForm({ kind, read, onRead, onDone, children }: Props) {
  const { client, words } = useFrame()
  const { id, name, parentId, recursive = false, path } = read.body
  const [typed, setTyped] = useState<Typed>({
    name,
    parent: parentId === null ? null : { id: parentId, name: pathAbove(read.body) },
    recursive,
  })
  const [isTried, setTried] = useState(false)
  const [wasReadAgain, setReadAgain] = useState(false)

  const save = useAction(async () => {
    const parent = typed.parent?.id ?? null
    const body: EntityChange | LocationChange =
      kind === 'locations'
        ? { name: typed.name, parentId: parent, recursive: typed.recursive }
        : { name: typed.name, ...(parent === null ? {} : { parentId: parent }) }
    await client.send<Place>('PATCH', `${kind}/${id}`, { body, ifMatch: read.etag })
    onDone(words.common.saved)
  })
  const readAgain = useAction(async () => {
    onRead(await client.get<Place>(`${kind}/${id}`))
    setReadAgain(true)
    save.clear()
  })
  const { failure } = save
  const isOutdated = failure?.kind === 'problem' && codeOf(failure.problem) === 'changed-meanwhile'
  const refused = fieldErrors(isOutdated ? null : failure, PLACE_FIELDS)
  // Only the root entity stands below nothing.
  const hasParent = kind === 'locations' || parentId !== null
  const missing = {
    name: typed.name.trim() === '',
    parentId: kind === 'entities' && hasParent && typed.parent === null,
    recursive: false,
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (!missing.name && !missing.parentId) save.run()
      }}
    >
      {isOutdated && <ChangedMeanwhile busy={readAgain.busy} onReadAgain={() => readAgain.run()} />}
      {refused.rest && <FailureNotice failure={refused.rest} />}
      {readAgain.failure && <FailureNotice failure={readAgain.failure} />}
      {wasReadAgain && !isOutdated && <Notice kind="info">{words.entities.nowStored(path)}</Notice>}
      <PlaceFields
        kind={kind}
        typed={typed}
        hasParent={hasParent}
        onChange={(change) => setTyped((last) => ({ ...last, ...change }))}
        errorOf={(field) => (isTried && missing[field] ? words.common.required : refused.of(field))}
      />
      <div class="buttons">
        <Button type="submit" kind="primary" busy={save.busy} disabled={isOutdated}>
          {words.common.save}
        </Button>
        {children}
      </div>
    </form>
  )
}
