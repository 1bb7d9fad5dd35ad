#!/usr/bin/env node
// A file of its own: npm links a command at install, when the build is not there yet.
import '../dist/staycode-lock.js';
