import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Home } from '../features/home'
import { loadCatalogue } from '../state/catalogue'
import { meQuery } from '../state/me'
import { Shell } from './Shell'

export default function HomePage() {
  const { data: me } = useQuery(meQuery)
  useEffect(() => void loadCatalogue(), [])
  return <Shell><Home workspace={me?.workspaces[0]?.id} /></Shell>
}
