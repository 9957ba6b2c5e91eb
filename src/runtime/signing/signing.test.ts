import { execFileSync } from 'node:child_process';
import { createVerify, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { TestEngine } from '#cell/testing.ts';
import { renderEnvelope, renderLambdaEvent, textToSign } from '#model/notification-envelope.ts';
import type { Notification } from '#model/stored-message.ts';
import { selfSignedCertificate } from './certificate.ts';
import { NotificationKey } from './notification-key.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = selfSignedCertificate(privateKey);

const notification: Notification = {
  kind: 'notification',
  messageId: 'd0000000-0000-4000-8000-000000000001',
  topicArn: 'arn:aws:sns:us-east-1:000000000000:alarms',
  subject: 'Smoke',
  message: 'in the "server" room\nöä',
  attributes: [],
  timestamp: '2026-01-15T12:00:00.000Z',
  signatureVersion: '1',
  system: {},
};
const options = (signer: NotificationKey) => ({ subscriptionArn: 'arn:s', baseUrl: 'http://h:1', signer });
const open = (engine = new TestEngine()) =>
  NotificationKey.open(engine.blobs, (error) => {
    throw error;
  });

describe('the certificate', () => {
  test('is read by Node, signed by its own key, and names SNS', () => {
    const certificate = new X509Certificate(pem);
    expect(certificate.subject).toBe('O=Eddy\nCN=sns.amazonaws.com');
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkHost('sns.amazonaws.com')).toBe('sns.amazonaws.com');
    expect(new Date(certificate.validTo).getUTCFullYear()).toBe(2049);
  });

  test('is accepted by openssl, in structure and as its own authority', () => {
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], { input: pem, encoding: 'utf8' });
    expect(text).toContain('Version: 3 (0x2)');
    expect(text).toContain('Signature Algorithm: sha256WithRSAEncryption');
    expect(text).toContain('Digital Signature');
  });

  test('follows from the key alone', () => {
    expect(selfSignedCertificate(privateKey)).toBe(pem);
  });
});

describe('the key of a store', () => {
  test('makes signatures that its certificate verifies, in both versions', async () => {
    const key = await open();
    const { publicKey } = new X509Certificate(key.certificate);
    for (const [version, algorithm] of [
      ['1', 'sha1'],
      ['2', 'sha256'],
    ] as const) {
      const envelope = JSON.parse(renderEnvelope({ ...notification, signatureVersion: version }, options(key)));
      const text = `Message\n${envelope.Message}\nMessageId\n${envelope.MessageId}\nSubject\n${envelope.Subject}\nTimestamp\n${envelope.Timestamp}\nTopicArn\n${envelope.TopicArn}\nType\n${envelope.Type}\n`;
      expect(createVerify(algorithm).update(text).verify(publicKey, envelope.Signature, 'base64')).toBe(true);
      expect(envelope.SigningCertURL).toBe(`http://h:1${key.certificatePath}`);
    }
  });

  test('is made once and stays with the store', async () => {
    const engine = new TestEngine();
    const first = await open(engine);
    await first.prepare();
    const again = await open(engine);
    expect(again.certificate).toBe(first.certificate);
    expect(again.certificatePath).toMatch(/^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/);
    expect(again.certificatePath).toBe(first.certificatePath);
  });

  test('that is needed before it was prepared is made at once, and preparing keeps it', async () => {
    const key = await open();
    const preparing = key.prepare();
    const path = key.certificatePath;
    await preparing;
    expect(key.certificatePath).toBe(path);
  });

  test('signs a notification once, however many look at it', async () => {
    const key = await open();
    const request = { messageId: notification.messageId, text: textToSign(notification), version: '1' };
    const first = key.sign(request);
    // The text is not looked at again: message ids are never given twice.
    expect(key.sign({ ...request, text: 'other' })).toBe(first);
    expect(key.sign({ ...request, version: '2' })).not.toBe(first);
  });
});

test('a function sees the same signature as a queue', async () => {
  const key = await open();
  const { Signature } = JSON.parse(renderEnvelope(notification, options(key)));
  expect(renderLambdaEvent(notification, options(key))).toMatchObject({
    Records: [{ EventSource: 'aws:sns', Sns: { Signature, Subject: 'Smoke', MessageAttributes: {} } }],
  });
});
