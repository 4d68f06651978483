#!/usr/bin/env node
import * as cdk from 'aws-cdk-lib/core'
import { OwnAppStack } from '../lib/own-app-stack.js'

const app = new cdk.App()
new OwnAppStack(app, 'OwnAppStack')
