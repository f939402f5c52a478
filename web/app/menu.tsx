import { useLocation } from 'preact-iso'
import { useFrame } from '../lib/frame.tsx'

/** The menus of ITSM-NG that we have a page in, for those who may see it. */
export function Menu({ open }: { open: boolean }) {
  const { base, session, words } = useFrame()
  const { path } = useLocation()
  const { can, managesAccounts } = session
  const { menu } = words
  const groups = [
    { title: menu.helpdesk, links: [{ to: 'app', text: menu.desk, shown: true }] },
    {
      title: menu.administration,
      links: [
        { to: 'app/users', text: menu.users, shown: can.lookUp },
        { to: 'app/entities', text: menu.entities, shown: can.lookUp && managesAccounts },
        { to: 'app/profiles', text: menu.profiles, shown: can.configure },
      ],
    },
    {
      title: menu.setup,
      links: [
        { to: 'app/settings', text: menu.settings, shown: can.configure },
        { to: 'app/statistics', text: menu.statistics, shown: can.configure },
      ],
    },
  ]
  const here = path.endsWith('/front/callmanager.php') ? `${base}/app` : path
  return (
    <nav id="menu" class={open ? 'menu open' : 'menu'} aria-label={menu.main}>
      {groups.map(({ title, links }) => {
        const shown = links.filter((link) => link.shown)
        if (shown.length === 0) return null
        return (
          <section key={title}>
            <h2>{title}</h2>
            <ul>
              {shown.map(({ to, text }) => (
                <li key={to}>
                  <a href={`${base}/${to}`} aria-current={currentOf(here, `${base}/${to}`)}>
                    {text}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </nav>
  )
}

/** A page of the menu itself, or one that is reached from it; the desk's address begins all others. */
function currentOf(here: string, address: string): 'page' | 'true' | undefined {
  if (here === address) return 'page'
  return !address.endsWith('/app') && here.startsWith(`${address}/`) ? 'true' : undefined
}
