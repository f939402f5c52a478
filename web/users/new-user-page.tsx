export function NewUserPage() {
  return <p>NewUserPage</p>
}
