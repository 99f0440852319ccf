import { Center } from '@mantine/core'
import type { ReactNode } from 'react'
import { Empty } from './Empty'

/** What a page shows when its address leads nowhere; the same for what is absent and for what is not yours to see. */
export function NotFound({ what, children }: { what: string; children: ReactNode }) {
  return <Center h="100%" role="alert"><Empty title={`${what} not found`}>It was deleted, the address is wrong, or you have no access. {children}</Empty></Center>
}
