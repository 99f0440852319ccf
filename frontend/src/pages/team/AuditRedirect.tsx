import { Redirect } from 'wouter'

/** The audit trail is a tab of the team page. */
export default function AuditRedirect() {
  return <Redirect to="/team?tab=audit" replace />
}
