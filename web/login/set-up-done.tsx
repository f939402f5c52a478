import { useEffect, useRef } from 'preact/hooks'
import { ButtonLink } from '../components/button.tsx'
import { useSurroundings } from '../lib/frame.tsx'

/** What follows the first account: logging in, and the first look-up of a program. */
export function SetUpDone({ login }: { login: string }) {
  const { base, root, words } = useSurroundings()
  const heading = useRef<HTMLHeadingElement>(null)
  // The form that had the focus is gone.
  useEffect(() => heading.current?.focus(), [])
  const host = location.origin + root
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {words.setUp.doneTitle}
      </h1>
      <p class="typed">{words.setUp.logIn(login)}</p>
      <p class="buttons">
        <ButtonLink kind="primary" href={`${base}/app/`}>
          {words.login.submit}
        </ButtonLink>
      </p>
      <p>{words.setUp.programs}</p>
      <pre class="typed">
        <code>
          {`curl -u ${quoted(login)} '${host}/apirest.php/initSession'\n`}
          {`curl -H 'Session-Token: …' '${location.origin}${base}/api.php/users/1234567'`}
        </code>
      </pre>
      <p>
        <a href={`${base}/api/docs`}>{words.menu.manual}</a>
      </p>
    </>
  )
}

/** As a shell reads it, whatever the login is made of. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`
