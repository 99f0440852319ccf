/** Opens a pipeline before its page is rendered for the first time, while the code of the page loads. */
import type { QueryClient } from '@tanstack/react-query'
import { atLeast } from '../../core/team/people'
import { loadCatalogue } from '../../state/catalogue'
import { connect } from '../../state/connect'
import { enterDocument, isThere, setReadOnly, useDocument } from '../../state/document'
import { meQuery } from '../../state/me'
import { pipelineQuery } from '../../state/pipelines'

function untilThere(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isThere(useDocument.getState())) return
      stop()
      resolve()
    }
    const stop = useDocument.subscribe(look)
    look()
  })
}

/** The HTML has asked for all but the document already. */
export async function prefetch(client: QueryClient, id: string): Promise<void> {
  connect(id)
  const catalogue = loadCatalogue()
  const [{ user }, { role }] = await Promise.all([client.fetchQuery(meQuery), client.fetchQuery(pipelineQuery(id))])
  setReadOnly(!atLeast(role, 'editor'))
  enterDocument(id, user)
  await Promise.all([untilThere(), catalogue])
}
