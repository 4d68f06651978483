import { App } from 'aws-cdk-lib'
import { ShopStack } from '../lib/shop-stack'

const app = new App()
new ShopStack(app, 'Shop')
app.synth()
