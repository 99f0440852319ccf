import { Center } from '@mantine/core'
import type { ReactNode } from 'react'
import { Empty } from './Empty'

/** The page for an unknown address; the same for an object that does not exist and for one that the user may not see. */
export function NotFound({ what, children }: { what: string; children: ReactNode }) {
  return <Center h="100%" role="alert"><Empty title={`${what} not found`}>It was deleted, the address is wrong, or you have no access. {children}</Empty></Center>
}
