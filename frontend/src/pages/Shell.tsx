/** The frame of every page but the canvas: navigation. */
import { ActionIcon, Anchor, NativeSelect, Tooltip } from '@mantine/core'
import { IconEye, IconLogout } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useLocation, useRoute } from 'wouter'
import { mayEdit } from '../core/team/people'
import { csrfToken } from '../server/http'
import { meQuery } from '../state/me'
import { chooseWorkspace, useWorkspace } from '../state/workspace'
import { SchemeToggle } from '../ui/SchemeToggle'
import { navigation, routes } from './features'
import classes from './Shell.module.css'

function NavigationLink({ href, title }: { href: string; title: string }) {
  const [at] = useRoute(href === '/' ? '/' : `${href}/*?`)
  const [address] = useLocation()
  const here = at || routes.some(({ path, under }) => under === href && path === address)
  return <Anchor component={Link} href={href} className={classes.place} aria-current={here ? 'page' : undefined}>{title}</Anchor>
}

/** A select only for users of several workspaces. An open page belongs to the previous workspace: its list is shown instead. */
function WorkspaceSelect() {
  const { workspace, all } = useWorkspace()
  const [path, go] = useLocation()
  if (!workspace || all.length < 2) return null
  const choose = (id: string) => {
    chooseWorkspace(id)
    go(`/${path.split('/')[1] ?? ''}`)
  }
  return (
    <NativeSelect
      size="xs" className={classes.where} aria-label="Workspace" value={workspace.id} data={all.map(({ id, name, role }) => ({ value: id, label: `${name} (${role})` }))}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  )
}

function ViewOnly() {
  const { workspace } = useWorkspace()
  if (!workspace || mayEdit(workspace)) return null
  return (
    <Tooltip label={`Your role in ${workspace.name} is ${workspace.role}. Ask an admin to change it.`}>
      <span className={classes.look} role="note" tabIndex={0}><IconEye size={16} stroke={1.7} aria-hidden /><span>View only</span></span>
    </Tooltip>
  )
}

/** A plain form: the server ends the session and shows the sign-in page. */
function SignOut() {
  return (
    <form method="post" action="/sign-out">
      <input type="hidden" name="csrfmiddlewaretoken" value={csrfToken()} />
      <Tooltip label="Sign out"><ActionIcon type="submit" aria-label="Sign out"><IconLogout size={18} stroke={1.7} /></ActionIcon></Tooltip>
    </form>
  )
}

export function Shell({ children }: { children: ReactNode }) {
  const { data: me } = useQuery(meQuery)
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>Skip to content</a>
      <header className={classes.bar}>
        <Anchor component={Link} href="/" className={classes.brand}>Easel</Anchor>
        <nav className={classes.places} aria-label="Pages">{navigation.map(({ href, title }) => <NavigationLink key={href} href={href} title={title} />)}</nav>
        <ViewOnly />
        <WorkspaceSelect />
        <span className={classes.who}>{me?.user.name}</span>
        <SchemeToggle />
        <SignOut />
      </header>
      <main id="content" tabIndex={-1} className={classes.main}>{children}</main>
    </div>
  )
}
