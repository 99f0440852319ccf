/** People, workspaces and permissions. */
import type { Schemas } from '../base/schemas'

export type Role = Schemas['Workspace']['role']

export const ROLES: Role[] = ['viewer', 'editor', 'admin', 'owner']

export type User = Schemas['Person']

export type Workspace = Schemas['Workspace']

export type Me = Schemas['Me']

export type Member = Schemas['Member']

export type Scope = Schemas['Token']['scope']

/** What a token may do within its person's role. */
export const SCOPES: { value: Scope; label: string }[] = [
  { value: 'read', label: 'Read' }, { value: 'write', label: 'Read, edit and run' }, { value: 'admin', label: 'Full access' },
]

/** The lifetime of a token; unlimited only by choice. */
export const LIFETIMES: { value: string; label: string }[] = [
  { value: '7', label: '7 days' }, { value: '30', label: '30 days' }, { value: '90', label: '90 days' }, { value: '365', label: '1 year' }, { value: 'never', label: 'No expiry' },
]

export type Token = Schemas['Token']

/** When a token expires, in words; `ended` when it has expired. */
export function expiryOf({ expires_at }: Pick<Token, 'expires_at'>, now: number): { words: string; ended: boolean } {
  if (expires_at === null) return { words: 'No expiry', ended: false }
  const days = Math.ceil((Date.parse(expires_at) - now) / 86_400_000)
  if (days <= 0) return { words: 'Expired', ended: true }
  return { words: days === 1 ? 'Within a day' : `In ${days} days`, ended: false }
}

/** Why a new password cannot be sent yet; null when it can. */
export function passwordProblem(fresh: string, repeated: string): string | null {
  if (fresh.length > 0 && fresh.length < 10) return 'At least 10 characters.'
  return repeated.length > 0 && repeated !== fresh ? 'The passwords do not match.' : null
}

/** A token as shown once, when created. */
export type NewToken = Schemas['NewToken']

export function atLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** The current workspace: the chosen one, else the first, as when the chosen one is gone. */
export function workspaceOf(all: Workspace[], chosen: string | null): Workspace | undefined {
  return all.find(({ id }) => id === chosen) ?? all[0]
}

/** Owners may leave only when another owner stays. */
export function mayLeave(self: Member, members: Member[]): boolean {
  return self.role !== 'owner' || members.some((member) => member.role === 'owner' && member.user.id !== self.user.id)
}

/** A member's name; the user's own is marked. On one's own computer one is called "You", which would mislead everybody else: they see the email. */
export function nameOf({ name, email }: User, self: boolean): string {
  const shown = name || email
  if (shown.toLowerCase() === 'you') return self ? shown : email
  return self ? `${shown} (you)` : shown
}

/** Two letters at most: of the first name and the last, else of the only one. */
export function initialsOf(name: string): string {
  const words = name.split('@')[0]?.split(/[\s._-]+/).filter(Boolean) ?? []
  const letters = words.length > 1 ? [words[0], words[words.length - 1]].map((word) => [...(word ?? '')][0]) : [...(words[0] ?? '?')].slice(0, 2)
  return letters.join('').toUpperCase()
}

export function mayEdit(workspace: Workspace | undefined): boolean {
  return workspace !== undefined && atLeast(workspace.role, 'editor')
}
