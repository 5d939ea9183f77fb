// Reads an array of calendar texts from standard input and tells what ical.js understands of each.
import ICAL from 'ical.js';

let input = '';
for await (const piece of process.stdin) {
  input += piece;
}

const people = (event, name) => event.getAllProperties(name).map(p => ({ name: p.getParameter('cn'), address: p.getFirstValue() }));

const told = JSON.parse(input).map(text => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents('vtimezone')) {
    ICAL.TimezoneService.register(zone);
  }

  return {
    method: calendar.getFirstPropertyValue('method'),
    zones: calendar.getAllSubcomponents('vtimezone').map(zone => zone.getFirstPropertyValue('tzid')),
    events: calendar.getAllSubcomponents('vevent').map(component => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid,
        sequence: event.sequence,
        stamp: component.getFirstPropertyValue('dtstamp').toJSDate().toISOString(),
        start: event.startDate.toJSDate().toISOString(),
        end: event.endDate.toJSDate().toISOString(),
        zone: component.getFirstProperty('dtstart').getParameter('tzid'),
        summary: event.summary,
        location: event.location,
        description: event.description,
        url: component.getFirstPropertyValue('url'),
        status: component.getFirstPropertyValue('status'),
        organizer: people(component, 'organizer'),
        attendees: people(component, 'attendee'),
      };
    }),
  };
});
console.log(JSON.stringify(told));
