import { describe, expect, test } from 'vitest';
import { dangerousCommandsOf, isSuperuser } from '../../../src/collect/redis-acl.ts';
import { claimedBy, isRedisRight, rightsOf } from '../../../src/collect/redis/rights.ts';
import type { Origin } from '../../../src/model/fact.ts';
import { plain } from '../../support/collect.ts';

const at: Origin = { kind: 'wire', target: 't', exchange: 'ACL LIST' };
const words = (text: string): readonly string[] => text.split(' ');

describe('dangerous commands', () => {
  test.each([
    ['+@all', ['FLUSHALL', 'FLUSHDB', 'CONFIG', 'DEBUG', 'MODULE', 'SHUTDOWN', 'KEYS', 'SAVE', 'REPLICAOF']],
    ['-@all +@read +@write -@dangerous', []],
    ['-@all +config|get +info', []],
    ['-@all +config|get +config|set', ['CONFIG']],
    ['-@all +CONFIG|REWRITE', ['CONFIG']],
    ['-@all +@admin -config|set', ['CONFIG', 'DEBUG', 'MODULE', 'SHUTDOWN', 'SAVE', 'REPLICAOF']],
    ['-@all +config -config|set -config|rewrite', []],
    ['-@all +module|list', []],
    ['-@all +module|load', ['MODULE']],
    ['-@all +debug|sleep', ['DEBUG']],
    ['-@all +slaveof', ['REPLICAOF']],
    ['+@all -@dangerous +slaveof', ['REPLICAOF']],
    ['-@all +@admin -replicaof -slaveof', ['CONFIG', 'DEBUG', 'MODULE', 'SHUTDOWN', 'SAVE']],
    ['-@all +get (~tmp:* +flushall)', ['FLUSHALL']],
    ['-@all +flushall -@all', []],
    ['+@all nocommands', []],
    ['-@all (+flushall', ['FLUSHALL', 'FLUSHDB', 'CONFIG', 'DEBUG', 'MODULE', 'SHUTDOWN', 'KEYS', 'SAVE', 'REPLICAOF']],
  ])('%s', (rules, commands) => {
    expect(dangerousCommandsOf(words(rules))).toEqual(commands);
  });
});

test('whoever may set users may make itself anything', () => {
  const superusers = ['+@all', 'allcommands', '-@all +@admin', '-@all +acl', '-@all +acl|setuser', '+@all -get', '-@all +@slow'];
  const others = ['-@all +@read', '-@all +acl|whoami +acl|list', '+@all -@dangerous', '+@all -@admin', '-@all'];
  expect(superusers.filter((rules) => !isSuperuser(words(rules)))).toEqual([]);
  expect(others.filter((rules) => isSuperuser(words(rules)))).toEqual([]);
});

test('rights name commands and the keys they reach, of each selector by itself', () => {
  expect(rightsOf(words('~app:* resetchannels -@all +@read +set -@dangerous (%R~Tmp:* +get)'))).toEqual([
    '@read on ~app:*',
    'get on %R~Tmp:*',
    'set on ~app:*',
  ]);
});

describe('a right that custos.yaml names', () => {
  const held = (rules: string, name: string): unknown => plain(claimedBy(words(rules), { kind: 'right', name, text: name }, at));
  const maybe = { unknown: 'unresolved' };
  test.each([
    ['~payment:* -@all +@write', '@write on ~payment:*', true],
    ['~payment:* -@all +@write', 'set on ~payment:*', maybe],
    ['~payment:* -@all +get', 'set on ~payment:*', false],
    ['~* -@all +set', 'set on ~payment:*', true],
    ['~pay* -@all +set', 'set on ~payment:*', maybe],
    ['~cache:* -@all +set', 'set on ~payment:*', false],
    ['~* +@all', 'set on ~payment:*', true],
    ['~* +@all -@dangerous', 'set on ~payment:*', maybe],
    ['~* +@all -@dangerous -set', 'set on ~payment:*', false],
    ['-@all +flushall', 'FLUSHALL', true],
    ['-@all +config|set', 'CONFIG', true],
    ['-@all +config|get', 'CONFIG', false],
    ['~* -@all +get', 'FLUSHALL', false],
    ['~x -@all +get (~payment:* +set)', 'set on ~payment:*', true],
  ])('%s: %s', (rules, name, expected) => {
    expect(held(rules, name)).toEqual(expected);
  });
  const SET = ['@write', '@string', '@slow'];
  test.each([
    ['~* +@all -@dangerous', true],
    ['~* +@all -@dangerous -set', false],
    ['~* +@all -@dangerous -@string', false],
    ['~* -@all +@read', false],
    ['~* -@all +@write', true],
    ['~* -@all +@write -@slow', false],
    ['~* -@all +@write -set +set', true],
    ['~* +@all -@dangerous -set|nx', maybe],
    ['~* -@all +set|nx', maybe],
    ['~* +@all reset', false],
    ['~cache:* +@all -@dangerous', false],
    ['~cache:* -@all (~payment:* +@all -@dangerous)', true],
  ])('%s, where the categories of the command are known', (rules, expected) => {
    const name = 'set on ~payment:*';
    expect(plain(claimedBy(words(rules), { kind: 'right', name, text: name }, at, SET))).toEqual(expected);
  });
  test('what is not written as a right is none', () => {
    expect(
      ['@write on ~a:*', 'FLUSHALL', 'flushall', 'set on %W~x', '@writ on ~a:*', 'write', 'role x', 'set on x'].map(isRedisRight),
    ).toEqual([true, true, true, true, false, false, false, false]);
  });
});
