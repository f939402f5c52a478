import { useEffect, useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { TextField } from '../components/field.tsx'
import { Waiting } from '../components/waiting.tsx'
import { useFrame } from '../lib/frame.tsx'
import { EditPlace } from './edit-place.tsx'
import { type Kind, type Place, wordsOf } from './kind.ts'
import { NewPlace } from './new-place.tsx'
import { PlaceTable } from './place-table.tsx'
import { usePlaces } from './use-places.ts'

type Asked = { what: 'add'; below: Place | null } | { what: 'edit'; place: Place }

const PATIENCE_MS = 200

/** A tree of places, searched by words; who may, adds to it and changes it. */
export function Places({ kind }: { kind: Kind }) {
  const { session, words, announce, renew } = useFrame()
  const say = wordsOf(kind, words)
  const [typed, setTyped] = useState('')
  const q = useLate(typed.trim())
  const places = usePlaces(kind, q)
  const [asked, setAsked] = useState<Asked | null>(null)
  const { shown } = places

  useEffect(() => {
    if (q !== '' && places.state === 'ready') announce(say.count(places.data.items.length, places.data.more))
  }, [q, places.state])

  function done(text: string): void {
    setAsked(null)
    announce(text)
    places.retry()
    // The header names the active entity, and one may stand in a new one.
    if (kind === 'entities') renew().catch(reportError)
  }

  return (
    <section class="panel">
      <div class="toolbar">
        <TextField
          label={say.search}
          value={typed}
          onInput={setTyped}
          input={{ autocomplete: 'off', maxLength: 255 }}
        />
        {/* An entity stands below another one; a location may stand by itself. */}
        {kind === 'locations' && session.can.createEntities && (
          <Button icon="plus" onClick={() => setAsked({ what: 'add', below: null })}>
            {say.add}
          </Button>
        )}
      </div>
      {places.state === 'failed' && <FailureNotice failure={places.failure} onRetry={places.retry} />}
      {places.state === 'loading' && shown === undefined && <Waiting />}
      {shown?.items.length === 0 && <p class="empty">{q === '' ? say.none : words.entities.nothingFits}</p>}
      {shown !== undefined && shown.items.length > 0 && (
        <PlaceTable
          kind={kind}
          items={shown.items}
          isSearch={q !== ''}
          onAddBelow={(below) => setAsked({ what: 'add', below })}
          onEdit={(place) => setAsked({ what: 'edit', place })}
        />
      )}
      {shown?.more && (
        <div class="buttons">
          <Button busy={places.state === 'loading'} onClick={places.readMore}>
            {words.common.more}
          </Button>
        </div>
      )}
      {asked?.what === 'add' && (
        <NewPlace kind={kind} below={asked.below} onDone={done} onClose={() => setAsked(null)} />
      )}
      {asked?.what === 'edit' && (
        <EditPlace kind={kind} id={asked.place.id} onDone={done} onClose={() => setAsked(null)} />
      )}
    </section>
  )
}

/** What was typed, once the typing pauses. */
function useLate(text: string): string {
  const [late, setLate] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setLate(text), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return late
}
