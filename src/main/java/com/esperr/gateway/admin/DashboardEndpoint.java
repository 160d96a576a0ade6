package com.esperr.gateway.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code /dashboard}: the page for people, and below it what belongs to it. It holds nothing about this gateway, so that everybody may
 * have it; what it shows it asks for. Nothing but its own files can run in it, or be asked by it. Immutable.
 */
final class DashboardEndpoint implements Endpoint {
    static final String PATH = "/dashboard";

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private final Map<String, AdminReply> files = new LinkedHashMap<>();

    DashboardEndpoint() {
        add(PATH, "dashboard.html", "text/html; charset=utf-8");
        for (String script : new String[] {"app.js", "view.js", "chart.js", "format.js", "actions.js"}) {
            add(PATH + '/' + script, script, "text/javascript; charset=utf-8");
        }
        add(PATH + "/dashboard.css", "dashboard.css", "text/css; charset=utf-8");
        add(PATH + "/icon.svg", "icon.svg", "image/svg+xml");
    }

    private void add(String path, String file, String type) {
        try (InputStream in = DashboardEndpoint.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + ": missing (expected: a resource beside this class)");
            }
            files.put(path, new AdminReply(200, type, in.readAllBytes()).with("content-security-policy", POLICY));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String about() {
        return "how things stand, live, and what is active for whom";
    }

    @Override
    public boolean open() {
        return true;
    }

    @Override
    public boolean answersBelow() {
        return true;
    }

    @Override
    public AdminReply answer(AdminRequest request) {
        AdminReply file = files.get(request.path());
        return file == null
                ? AdminReply.text(404, "path: nothing here (expected: one of the paths listed at /)")
                : file;
    }
}
