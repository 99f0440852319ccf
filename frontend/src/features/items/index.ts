export { ItemsView } from './ItemsView'
