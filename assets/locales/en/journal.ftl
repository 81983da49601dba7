journal-server = Exchange with the server. Saves sent: { $sent }, received: { $received }. Bytes sent: { $up }, received: { $down }. Requests: { $requests }.
journal-took = Time taken: { $seconds } s.
journal-removed = Removed by others in large numbers: { $removed }.
journal-stick-out = Copied onto a USB stick. Saves: { $sent }. Bytes: { $up }.
journal-stick-in = Read from a USB stick. New saves: { $received }. Bytes: { $down }.
journal-successor = The server was replaced; the new one is recognised.
journal-the-server = the server
