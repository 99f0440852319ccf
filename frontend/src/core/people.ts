/** Who is here, where they work together, and what they may do. */

export type Role = 'viewer' | 'editor' | 'admin' | 'owner'

export const ROLES: Role[] = ['viewer', 'editor', 'admin', 'owner']

export interface User {
  id: string
  name: string
  email: string
}

export interface Workspace {
  id: string
  name: string
  role: Role
}

export interface Me {
  user: User
  workspaces: Workspace[]
}

export interface Member {
  user: User
  role: Role
}

export interface Token {
  id: string
  name: string
  created_at: string
  last_used_at: string | null
}

/** A token as it is shown once, when made. */
export interface NewToken extends Token {
  token: string
}

export function atLeast(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** The workspace one works in: the one chosen, else the first, as when the chosen one is gone. */
export function workspaceOf(all: Workspace[], chosen: string | null): Workspace | undefined {
  return all.find(({ id }) => id === chosen) ?? all[0]
}

/** Only owners may not leave where no other owner stays. */
export function mayLeave(self: Member, members: Member[]): boolean {
  return self.role !== 'owner' || members.some((member) => member.role === 'owner' && member.user.id !== self.user.id)
}

/** A member's name; one's own says so, unless the name does already. */
export function nameOf({ name, email }: User, self: boolean): string {
  const shown = name || email
  return self && shown.toLowerCase() !== 'you' ? `${shown} (you)` : shown
}

export function mayEdit(workspace: Workspace | undefined): boolean {
  return workspace !== undefined && atLeast(workspace.role, 'editor')
}
