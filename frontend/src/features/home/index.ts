export { Home } from './HomePage'
