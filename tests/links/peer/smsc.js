// A carrier's message centre for tests, by the npm package `smpp`: another implementation of the protocol than ours.
// Usage: node smsc.js PORT, run inside a folder from which `smpp` can be found. Prints one JSON line per event.
// The last digits of a number say what happens to it: 99 refused, 88 throttled once, 77 accepted but never delivered,
// 66 taken and never answered.
const { createRequire } = require('module');
const smpp = createRequire(process.cwd() + '/')('smpp');
const say = (event, more) => process.stdout.write(JSON.stringify({ event, ...more }) + '\n');
const throttled = new Set();
let count = 0;

const receipt = (session, pdu, id) => {
  const lost = pdu.destination_addr.endsWith('77');
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(2, 12);
  session.deliver_sm({
    source_addr: pdu.destination_addr, destination_addr: pdu.source_addr, esm_class: 4, data_coding: 0,
    receipted_message_id: id, message_state: lost ? 5 : 2,
    short_message: `id:${id} sub:001 dlvrd:00${lost ? 0 : 1} submit date:${stamp} done date:${stamp} stat:${lost ? 'UNDELIV' : 'DELIVRD'} err:000 text:`,
  });
};

const submit = (session, pdu) => {
  const to = pdu.destination_addr;
  const held = pdu.short_message || {};
  say('submit', {
    to, from: pdu.source_addr, coding: pdu.data_coding, esm: pdu.esm_class, text: held.message,
    udh: held.udh ? held.udh.map((b) => b.toString('hex')) : null, payload: Boolean(pdu.message_payload),
  });
  if (to.endsWith('99')) return session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
  if (to.endsWith('88') && !throttled.has(to)) {
    throttled.add(to);
    return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  }
  if (to.endsWith('66')) return undefined;
  const id = `C${String(++count).padStart(8, '0')}`;
  session.send(pdu.response({ message_id: id }));
  if (pdu.registered_delivery & 1) setTimeout(() => receipt(session, pdu, id), 30);
};

const server = smpp.createServer((session) => {
  session.on('bind_transceiver', (pdu) => {
    if (pdu.password !== 'pw') {
      session.send(pdu.response({ command_status: smpp.ESME_RBINDFAIL }));
      return session.close();
    }
    say('bind', { as: pdu.system_id });
    return session.send(pdu.response({ system_id: 'SMSC' }));
  });
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => { say('unbind', {}); session.send(pdu.response()); session.close(); });
  session.on('submit_sm', (pdu) => submit(session, pdu));
  session.on('error', () => {});
  process.on('SIGUSR1', () => session.close()); // the line breaks
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => say('listening', {}));
