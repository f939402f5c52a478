import { useState } from 'preact/hooks'
import type { SessionChange } from '../../contract/session.ts'
import { Button } from '../components/button.tsx'
import { FailureNotice } from '../components/failure-notice.tsx'
import { Select } from '../components/field.tsx'
import { ApiError, isWithoutSession } from '../lib/client.ts'
import { useFrame, useSurroundings } from '../lib/frame.tsx'
import { LANGUAGES } from '../lib/i18n.ts'
import { useAction } from '../lib/use-action.ts'
import { useTheme } from './theme.ts'

const REGIONS: Record<string, string> = { fr: 'fr_FR', en: 'en_GB' }

/** Who one is, and what one can switch: profile, entity and language where accounts are kept here, the theme everywhere. */
export function You() {
  const { client, session, words, language, renew } = useFrame()
  const { client: plain } = useSurroundings()
  const [open, setOpen] = useState(false)
  const [theme, setTheme] = useTheme()
  const change = useAction(async (body: SessionChange) => {
    await client.send('PATCH', 'session', { body })
    await renew()
  })
  const logOut = useAction(async () => {
    try {
      await plain.send('DELETE', 'session')
    } catch (error) {
      // It has ended already.
      if (!(error instanceof ApiError && isWithoutSession(error.failure))) throw error
    }
    location.reload()
  })
  const { user, profile, entity, managesAccounts } = session
  return (
    <div class="you">
      <button type="button" aria-expanded={open} aria-controls="you" onClick={() => setOpen(!open)}>
        <span class="you-name">{user.name}</span>
        <span class="you-profile">
          {profile.name} · {entity.name}
        </span>
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it, from whichever control inside. */}
      <div
        id="you"
        class="you-panel"
        hidden={!open}
        onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
      >
        {change.failure && <FailureNotice failure={change.failure} />}
        {managesAccounts && (
          <>
            <Select
              label={words.menu.profile}
              value={String(profile.id)}
              choices={session.profiles.map(({ id, name }) => ({ value: String(id), label: name }))}
              onChange={(id) => change.run({ profileId: Number(id) })}
            />
            <Select
              label={words.menu.entity}
              value={String(entity.id)}
              choices={entityChoices(session, words.menu.withBelow)}
              onChange={(id) => change.run({ entityId: Number(id) })}
            />
            <Select
              label={words.menu.language}
              value={language}
              choices={LANGUAGES.map((one) => ({ value: one, label: nameOf(one) }))}
              onChange={(one) => change.run({ language: REGIONS[one] ?? `${one}_${one.toUpperCase()}` })}
            />
          </>
        )}
        <Select
          label={words.menu.theme}
          value={theme}
          choices={(['auto', 'light', 'dark', 'contrast'] as const).map((one) => ({
            value: one,
            label: words.menu.themes[one],
          }))}
          onChange={setTheme}
        />
        {managesAccounts && (
          <Button busy={logOut.busy} onClick={() => logOut.run()}>
            {words.menu.logOut}
          </Button>
        )}
      </div>
    </div>
  )
}

type SessionPart = ReturnType<typeof useFrame>['session']

/** Where the profile is held, and where one stands now if that is below. */
function entityChoices({ entities, entity }: SessionPart, withBelow: (name: string) => string) {
  const held = entities.map(({ id, name, recursive }) => ({
    value: String(id),
    label: recursive ? withBelow(name) : name,
  }))
  const here = { value: String(entity.id), label: entity.recursive ? withBelow(entity.name) : entity.name }
  return held.some(({ value }) => value === here.value) ? held : [here, ...held]
}

/** A language by its own name. */
const nameOf = (language: string) =>
  new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
