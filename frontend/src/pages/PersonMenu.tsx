/** The signed-in person: their account, and the way out. */
import { Menu, UnstyledButton } from '@mantine/core'
import { IconLogout, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { Link } from 'wouter'
import { csrfToken } from '../server/http'
import { meQuery } from '../state/me'
import { colourOf } from '../state/people'
import { Avatar } from '../ui/Avatar'
import classes from './Shell.module.css'

export function PersonMenu() {
  const { data: me } = useQuery(meQuery)
  const signOut = useRef<HTMLFormElement>(null)
  if (!me) return <span className={classes.person} />
  const { id, name, email } = me.user
  return (
    <>
      <Menu position="bottom-end" width={220} withinPortal={false}>
        <Menu.Target>
          <UnstyledButton className={classes.person} aria-label={`Account of ${name || email}`}><Avatar name={name || email} colour={colourOf(id)} size={28} /></UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.who}><strong>{name || email}</strong>{name && <span>{email}</span>}</div>
          <Menu.Divider />
          <Menu.Item fz={13} leftSection={<IconUser size={16} stroke={1.6} />} component={Link} href="/account">Your account</Menu.Item>
          <Menu.Item fz={13} leftSection={<IconLogout size={16} stroke={1.6} />} onClick={() => signOut.current?.requestSubmit()}>Sign out</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {/* A plain form: the server ends the session and shows the sign-in page. */}
      <form ref={signOut} method="post" action="/sign-out" hidden><input type="hidden" name="csrfmiddlewaretoken" value={csrfToken()} /></form>
    </>
  )
}
