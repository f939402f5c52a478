export function TicketsPage() {
  return <p>TicketsPage</p>
}
