/** The frame of every page but the canvas: navigation. */
import { Anchor, NativeSelect, Tooltip } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link, useLocation, useRoute } from 'wouter'
import { mayEdit } from '../core/team/people'
import { NoticesButton } from '../features/notices/NoticesButton'
import { chooseWorkspace, useWorkspace } from '../state/workspace'
import { Mark } from '../ui/Mark'
import { SchemeToggle } from '../ui/SchemeToggle'
import { useKeptFocus } from '../ui/useKeptFocus'
import { navigation, routes } from './features'
import { PersonMenu } from './PersonMenu'
import classes from './Shell.module.css'

function NavigationLink({ href, title }: { href: string; title: string }) {
  const [at] = useRoute(href === '/' ? '/' : `${href}/*?`)
  const [address] = useLocation()
  const here = at || routes.some(({ path, under }) => under === href && path === address)
  const line = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (here) line.current?.scrollIntoView({ block: 'nearest', inline: 'center' }) // on a phone, the line of entries is longer than the screen
  }, [here])
  return <Anchor component={Link} href={href} ref={line} className={classes.place} aria-current={here ? 'page' : undefined}>{title}</Anchor>
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
      <span className={classes.look} role="note" tabIndex={0}><IconEye size={16} stroke={1.6} aria-hidden /><span>View only</span></span>
    </Tooltip>
  )
}

export function Shell({ children }: { children: ReactNode }) {
  useKeptFocus()
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>Skip to content</a>
      <header className={classes.bar}>
        <Anchor component={Link} href="/" className={classes.brand}><Mark />Easel</Anchor>
        <nav className={classes.places} aria-label="Pages">{navigation.map(({ href, title }) => <NavigationLink key={href} href={href} title={title} />)}</nav>
        <div className={classes.end}>
          <ViewOnly />
          <WorkspaceSelect />
          <NoticesButton />
          <SchemeToggle />
          <PersonMenu />
        </div>
      </header>
      <main id="content" tabIndex={-1} className={classes.main}>{children}</main>
    </div>
  )
}
