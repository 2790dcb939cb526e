#!/usr/bin/env node
// Old syntax on purpose: this file must run on any Node, to say what is needed or to find it.
'use strict';
var path = require('path');
var fs = require('fs');
var here = path.dirname(fs.realpathSync(__filename));
var source = path.join(here, '..', 'src', 'cli', 'main.ts');
var built = path.join(here, '..', 'dist', 'cli.mjs');
var entry = fs.existsSync(source) ? source : built;

if (Number(process.versions.node.split('.')[0]) >= 24) {
  cacheCode();
  import(require('url').pathToFileURL(entry).href).catch(function (error) {
    process.stderr.write('custos: ' + (error && error.message) + '\n');
    process.exitCode = 70;
  });
} else {
  // A checkout brings its own Node 24 (tools/node-runtime): use it where it is there.
  var local = path.join(here, '..', 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (!process.env.CUSTOS_RELAUNCHED && fs.existsSync(local)) {
    var child = require('child_process').spawn(local, [__filename].concat(process.argv.slice(2)), {
      stdio: 'inherit',
      env: Object.assign({}, process.env, { CUSTOS_RELAUNCHED: '1' }),
    });
    ['SIGINT', 'SIGTERM'].forEach(function (signal) {
      process.on(signal, function () {
        child.kill(signal);
      });
    });
    child.on('exit', function (code, signal) {
      // Interrupted is what somebody asked for. Any other signal is a crash (most often: out of memory), and no verdict.
      if (!signal) process.exitCode = code;
      else if (signal === 'SIGINT' || signal === 'SIGTERM') process.exitCode = 130;
      else {
        process.stderr.write(
          'custos: was ended by ' + signal + (signal === 'SIGABRT' ? ' (out of memory?)' : '') + '; nothing was judged\n',
        );
        process.exitCode = 70;
      }
    });
  } else {
    process.stderr.write('custos: needs Node.js 24 or later, and this is ' + process.version + ' (https://nodejs.org).\n');
    process.exitCode = 3;
  }
}

// What V8 compiled is kept for the next start, in a directory of the user's own: never in one that others can write.
function cacheCode() {
  var home = process.env.XDG_CACHE_HOME || (process.env.HOME && path.join(process.env.HOME, '.cache'));
  var compile = require('module').enableCompileCache;
  if (home && compile && !process.env.NODE_COMPILE_CACHE) compile(path.join(home, 'custos'));
}
