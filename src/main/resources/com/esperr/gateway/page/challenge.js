(function () {
  'use strict';
  var root = document.documentElement, main = document.querySelector('main'), data = main.dataset;
  var told = document.getElementById('status'), sent = false, workers = [];

  function look(name) { root.className = name; }
  function say(text) { if (told.textContent !== text) { told.textContent = text; } }
  function giveUp() { if (!sent) { look('js stopped'); say(data.failed); } }
  function noCookies() { look('js over'); document.getElementById('title').textContent = data.cookiesTitle; say(data.cookies); }

  look('js');
  window.onerror = giveUp;
  say(data.method === 'proof-of-work' ? data.working : data.confirm);

  // Only what the page was asked for with a GET can be asked for again as it is, which keeps the fragment.
  function go(to) {
    look('js done');
    say(data.done);
    try { sessionStorage.removeItem('esperTries'); } catch (forbidden) { /* nothing was counted */ }
    if (location.hash && to === location.pathname + location.search) { location.reload(); } else { location.replace(to); }
  }

  function fields(values) {
    return Object.keys(values).map(function (name) { return name + '=' + encodeURIComponent(values[name]); }).join('&');
  }

  function post(values, answered, failed) {
    var call = new XMLHttpRequest();
    call.open('POST', data.action);
    call.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    call.setRequestHeader('Accept', 'application/json');
    call.timeout = 15000;
    call.onload = function () {
      var answer = null;
      try { answer = JSON.parse(call.responseText); } catch (notOurs) { /* somebody in between has answered */ }
      if (answer && (answer.to || answer.problem)) { answered(answer); } else { failed(); }
    };
    call.onerror = call.ontimeout = failed;
    call.send(fields(values));
  }

  function byForm(values) {
    var form = document.createElement('form');
    form.method = 'post';
    form.action = data.action;
    Object.keys(values).forEach(function (name) {
      var input = document.createElement('input');
      input.type = 'hidden';
      input.name = name;
      input.value = values[name];
      form.appendChild(input);
    });
    document.body.appendChild(form);
    form.submit();
  }

  // A fresh challenge mends what was late or used; something that does not mend is not tried for ever.
  function again() {
    var tries = 3;
    try {
      tries = +sessionStorage.esperTries || 0;
      sessionStorage.esperTries = tries + 1;
    } catch (forbidden) { /* then not even once */ }
    if (tries < 3) { location.reload(); } else { sent = false; giveUp(); }
  }

  function submit(answer) {
    if (sent) { return; }
    sent = true;
    workers.forEach(function (worker) { worker.terminate(); });
    var values = { ticket: data.ticket, to: data.to, method: data.method, answer: answer }, tries = 0;
    (function attempt() {
      post(values, function (reply) {
        if (reply.to) { go(reply.to); } else if (reply.problem === 'cookies') { noCookies(); } else { again(); }
      }, function () {
        tries++;
        if (tries < 3) { setTimeout(attempt, 400 * tries * tries); } else { byForm(values); }
      });
    })();
  }

  // Looks for a number that, behind the ticket's, makes a SHA-256 begin with zero bits. Has to stand alone: it is sent to workers.
  function search(task, tell, later) {
    var H = [], K = [], W = new Int32Array(64), n, i, best = -1, answer = 0, number = 0, begun = Date.now();
    for (n = 2; K.length < 64; n++) {
      for (i = 2; i * i <= n && n % i; i++) { /* until a divisor */ }
      if (i * i > n) {
        if (H.length < 8) { H.push(Math.sqrt(n) % 1 * 4294967296 | 0); }
        K.push(Math.pow(n, 1 / 3) % 1 * 4294967296 | 0);
      }
    }
    K = Int32Array.from(K);
    function zeros(low) {
      var a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7], t, x, y;
      for (t = 0; t < 4; t++) { W[t] = task.words[t]; }
      W[4] = task.high;
      W[5] = low;
      W[6] = -2147483648;
      for (t = 7; t < 15; t++) { W[t] = 0; }
      W[15] = 192;
      for (t = 16; t < 64; t++) {
        x = W[t - 15];
        y = W[t - 2];
        W[t] = W[t - 16] + W[t - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
            + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
      }
      for (t = 0; t < 64; t++) {
        x = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[t] + W[t] | 0;
        y = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
        h = g; g = f; f = e; e = d + x | 0; d = c; c = b; b = a; a = x + y | 0;
      }
      return Math.clz32(H[0] + a | 0);
    }
    (function slice() {
      var until = Date.now() + task.slice, spent, z;
      do {
        for (i = 0; i < 200; i++) {
          z = zeros(number);
          if (z > best) { best = z; answer = number; }
          number = number + 1 | 0;
        }
      } while (best < task.bits && Date.now() < until);
      spent = Date.now() - begun;
      if (best >= task.bits || best >= task.least && spent >= task.budget) {
        tell({ high: task.high, low: answer, tried: number, spent: spent });
      } else {
        later(slice);
      }
    })();
  }

  function task(slice) {
    var words = [0, 8, 16, 24].map(function (at) { return parseInt(data.ticket.substr(at, 8), 16) | 0; });
    return { words: words, high: Math.random() * 4294967296 | 0, bits: +data.bits, least: +data.least, budget: +data.budget, slice: slice };
  }

  function hex(word) { return ('0000000' + (word >>> 0).toString(16)).slice(-8); }
  function found(result) {
    window.esperWork = window.esperWork || result;
    submit(hex(result.high) + hex(result.low));
  }

  var here = false;
  function workHere() {
    if (here || sent) { return; }
    here = true;
    var channel = window.MessageChannel ? new MessageChannel() : null, next;
    if (channel) { channel.port1.onmessage = function () { next(); }; }
    search(task(12), found, function (slice) {
      if (sent) { return; }
      next = slice;
      if (channel) { channel.port2.postMessage(0); } else { setTimeout(slice, 0); }
    });
  }

  function work() {
    setTimeout(function () { if (!sent) { say(data.slow); } }, 3000);
    // Workers keep the page answering and use the other cores, but they may be forbidden, missing or mute.
    try {
      var code = '(' + search + ')';
      var url = URL.createObjectURL(new Blob(
        ['onmessage=function(m){' + code + '(m.data,postMessage,function(f){setTimeout(f,0)})}'], { type: 'text/javascript' }));
      var count = Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2) - 1));
      for (; count > 0; count--) {
        var worker = new Worker(url);
        worker.onmessage = function (message) { found(message.data); };
        worker.onerror = function (event) { event.preventDefault(); workHere(); };
        worker.postMessage(task(50));
        workers.push(worker);
      }
    } catch (refused) {
      workHere();
    }
    setTimeout(workHere, +data.budget + 1500);
  }

  function widget() {
    window.esperSolved = submit;
    window.esperFailed = giveUp;
    var script = document.createElement('script');
    script.src = data.source;
    script.async = true;
    script.onerror = giveUp;
    document.head.appendChild(script);
  }

  if (!navigator.cookieEnabled) { noCookies(); return; }
  try {
    navigator.sendBeacon(data.action, new URLSearchParams({ ticket: data.ticket, method: 'loaded' }));
  } catch (old) { /* only counted */ }
  if (data.method === 'proof-of-work') { work(); } else { widget(); }
  setTimeout(giveUp, 30000);
})();
