import { Center } from '@mantine/core'
import { IconWorldX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Empty } from './Empty'

/** The page for an unknown address; the same for an object that does not exist and for one that the user may not see. */
export function NotFound({ what, children }: { what: string; children: ReactNode }) {
  return (
    <Center h="100%" role="alert">
      <Empty page icon={IconWorldX} failed title={`${what} not found`} actions={children}>It was deleted, the link is wrong, or you have no access to its workspace.</Empty>
    </Center>
  )
}
