import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { FirstFocus } from '../components/first-focus.tsx'
import { Lazily } from '../components/lazily.tsx'
import { useFrame } from '../lib/frame.tsx'
import { type Asked, guessKind } from './asked.ts'

interface Props {
  typed: string
  asked: Asked | null
  onFound: (id: number) => void
}

/** Nobody fits: who may makes somebody new, or tells us whom the RIO belongs to. */
export function Nobody({ typed, asked, onFound }: Props) {
  const { session, words } = useFrame()
  const [does, setDoes] = useState<'create' | 'attach' | null>(null)
  const kind = asked?.by ?? guessKind(typed)
  const { can } = session
  const text = words.desk.nobodyBy[kind]
  return (
    <section class="panel" aria-labelledby="nobody">
      <h2 id="nobody" class="typed">
        {text.title(typed.trim())}
      </h2>
      <p class="hint">{words.desk.nobodyHint}</p>
      <div class="buttons">
        {can.createUsers && (
          <Button
            icon="plus"
            expanded={does === 'create'}
            onClick={() => setDoes(does === 'create' ? null : 'create')}
          >
            {text.create}
          </Button>
        )}
        {kind === 'rio' && can.writeRio && (
          <Button
            icon="user"
            expanded={does === 'attach'}
            onClick={() => setDoes(does === 'attach' ? null : 'attach')}
          >
            {words.desk.attach.open}
          </Button>
        )}
      </div>
      {does === 'create' && (
        <Lazily
          load={() => import('./create-caller.tsx')}
          render={({ CreateCaller }) => (
            <FirstFocus>
              <CreateCaller kind={kind} text={typed.trim()} onMade={onFound} />
            </FirstFocus>
          )}
        />
      )}
      {does === 'attach' && (
        <Lazily
          load={() => import('./attach-rio.tsx')}
          render={({ AttachRio }) => (
            <FirstFocus>
              <AttachRio rio={typed.trim()} onAttached={onFound} />
            </FirstFocus>
          )}
        />
      )}
    </section>
  )
}
