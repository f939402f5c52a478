import { LocationProvider, Route, Router } from 'preact-iso'
import { Lazily } from '../components/lazily.tsx'
import { Desk } from '../desk/desk.tsx'
import { addressesBelow } from '../lib/addresses.ts'
import { useFrame } from '../lib/frame.tsx'
import { Guard } from './guard.tsx'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

/** Our own pages: all that stands under `app/`, and the desk at the address that softphones open. */
export function App() {
  const { base } = useFrame()
  return (
    <LocationProvider scope={addressesBelow(`${base}/app`, `${base}/front/callmanager.php`)}>
      <Shell>
        <Router>
          <Route path={`${base}/app`} component={DeskPage} />
          <Route path={`${base}/front/callmanager.php`} component={DeskPage} />
          <Route path={`${base}/app/users`} component={UsersPage} />
          <Route path={`${base}/app/users/new`} component={NewUserPage} />
          <Route path={`${base}/app/users/:id`} component={UserPage} />
          <Route path={`${base}/app/tickets`} component={TicketsPage} />
          <Route path={`${base}/app/tickets/:id`} component={TicketPage} />
          <Route path={`${base}/app/profiles`} component={ProfilesPage} />
          <Route path={`${base}/app/profiles/:id`} component={ProfilePage} />
          <Route path={`${base}/app/entities`} component={EntitiesPage} />
          <Route path={`${base}/app/settings`} component={SettingsPage} />
          <Route path={`${base}/app/statistics`} component={StatisticsPage} />
          <Route path={`${base}/app/setup`} component={SetUpPage} />
          <Route default component={NotFound} />
        </Router>
      </Shell>
    </LocationProvider>
  )
}

function DeskPage({ query }: { query: Record<string, string> }) {
  return (
    <Guard right="lookUp">
      <Desk rio={query.rio ?? ''} phone={query.phone ?? ''} />
    </Guard>
  )
}

interface RouteProps {
  params: Record<string, string>
}

const UsersPage = () => (
  <Guard right="lookUp">
    <Lazily page load={() => import('../users/users-page.tsx')} render={({ UsersPage }) => <UsersPage />} />
  </Guard>
)

const NewUserPage = () => (
  <Guard right="createUsers">
    <Lazily
      page
      load={() => import('../users/new-user-page.tsx')}
      render={({ NewUserPage }) => <NewUserPage />}
    />
  </Guard>
)

const UserPage = ({ params }: RouteProps) => (
  <Guard right="lookUp">
    <Lazily
      page
      load={() => import('../users/user-page.tsx')}
      render={({ UserPage }) => <UserPage id={Number(params.id)} />}
    />
  </Guard>
)

const TicketsPage = () => (
  <Guard right="readTickets">
    <Lazily
      page
      load={() => import('../tickets/tickets-page.tsx')}
      render={({ TicketsPage }) => <TicketsPage />}
    />
  </Guard>
)

const TicketPage = ({ params }: RouteProps) => (
  <Guard right="readTickets">
    <Lazily
      page
      load={() => import('../tickets/ticket-page.tsx')}
      render={({ TicketPage }) => <TicketPage id={Number(params.id)} />}
    />
  </Guard>
)

const ProfilesPage = () => (
  <Guard right="configure">
    <Lazily
      page
      load={() => import('../profiles/profiles-page.tsx')}
      render={({ ProfilesPage }) => <ProfilesPage />}
    />
  </Guard>
)

const ProfilePage = ({ params }: RouteProps) => (
  <Guard right="configure">
    <Lazily
      page
      load={() => import('../profiles/profile-page.tsx')}
      render={({ ProfilePage }) => <ProfilePage id={Number(params.id)} />}
    />
  </Guard>
)

const EntitiesPage = () => (
  <Guard right="lookUp">
    <Lazily
      page
      load={() => import('../entities/entities-page.tsx')}
      render={({ EntitiesPage }) => <EntitiesPage />}
    />
  </Guard>
)

const SettingsPage = () => (
  <Guard right="configure">
    <Lazily
      page
      load={() => import('../settings/settings-page.tsx')}
      render={({ SettingsPage }) => <SettingsPage />}
    />
  </Guard>
)

const StatisticsPage = () => (
  <Guard right="configure">
    <Lazily
      page
      load={() => import('../statistics/statistics-page.tsx')}
      render={({ StatisticsPage }) => <StatisticsPage />}
    />
  </Guard>
)

const SetUpPage = () => (
  <Lazily page load={() => import('../login/set-up.tsx')} render={({ SetUp }) => <SetUp />} />
)
