/**
 * The custom elements for pages of a host: `<callmanager-desk>`, `<callmanager-user-tab user-id="…">` and
 * `<callmanager-settings>`. Each brings its styles along in a shadow root, and loads its script when it is used.
 */
import { LocationProvider } from 'preact-iso'
import { Lazily } from './components/lazily.tsx'
import { addressesBelow } from './lib/addresses.ts'
import { defineElement } from './lib/mount.tsx'

/** Only links to the page that we stand in are ours to follow; all others are the host's. */
const thisPage = addressesBelow(location.pathname)

defineElement('callmanager-desk', ({ attributes }) => (
  <LocationProvider scope={thisPage}>
    <Lazily
      load={() => import('./desk/desk.tsx')}
      render={({ Desk }) => <Desk rio={attributes.get('rio')} phone={attributes.get('phone')} />}
    />
  </LocationProvider>
))

defineElement('callmanager-user-tab', ({ attributes }) => (
  <Lazily
    load={() => import('./users/user-tab.tsx')}
    render={({ UserTab }) => (
      <UserTab key={attributes.get('user-id')} userId={Number(attributes.get('user-id'))} />
    )}
  />
))

defineElement('callmanager-settings', () => (
  <Lazily load={() => import('./settings/settings.tsx')} render={({ Settings }) => <Settings />} />
))
