// Takes challenges that a fetch of this page meets behind its back, and sends it again. Shows them if they need somebody.
(function (w, d) {
  'use strict';
  var send = w.fetch, done = new URL('done', d.currentScript.src).pathname, busy = null;
  var hidden = 'position:fixed;left:0;top:0;width:1px;height:1px;opacity:0;border:0';
  var shown = 'position:fixed;left:0;top:0;width:100%;height:100%;border:0;z-index:2147483647;background:Canvas';

  function solve(url) {
    busy = busy || new Promise(function (solved, failed) {
      var frame = d.createElement('iframe');
      var show = setTimeout(function () { frame.style.cssText = shown; frame.focus(); }, 4000);
      var late = setTimeout(function () { end(failed); }, 180000);
      function end(next) {
        clearTimeout(show);
        clearTimeout(late);
        frame.remove();
        busy = null;
        next();
      }
      frame.onload = function () {
        var path = '';
        try { path = frame.contentWindow.location.pathname; } catch (elsewhere) { /* not ours */ }
        if (path === done) { end(solved); }
      };
      url.searchParams.set('return', done);
      frame.title = 'Challenge';
      frame.style.cssText = hidden;
      frame.src = url.href;
      d.documentElement.appendChild(frame);
    });
    return busy;
  }

  w.fetch = function (what, how) {
    var again = what instanceof Request ? what.clone() : what;
    return send.call(w, what, how).then(function (answer) {
      var told = answer.headers.get('Esper-Challenge');
      var url = told && answer.headers.get('Esper-Mitigated') === 'challenge' && new URL(told, w.location.href);
      if (!url || url.origin !== w.location.origin) { return answer; }
      return solve(url).then(function () { return send.call(w, again, how); }).catch(function () { return answer; });
    });
  };
})(window, document);
