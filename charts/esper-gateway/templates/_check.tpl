{{- /* What no schema can say: what belongs together, and what must not stand in a ConfigMap. Renders nothing. */ -}}
{{- define "esper-gateway.check" -}}
{{- $values := .Values -}}
{{- if and (eq .Values.workload "gateway") (not .Values.origin.url) -}}
{{- fail "origin.url: missing (expected: http(s)://HOST[:PORT] of the application)" -}}
{{- end -}}
{{- if and (ne .Values.workload "gateway") .Values.origin.url -}}
{{- fail (printf "origin.url: %s (expected: nothing with workload %s)" .Values.origin.url .Values.workload) -}}
{{- end -}}
{{- if include "esper-gateway.isSidecar" . -}}
{{- if not .Values.application.image -}}
{{- fail "application.image: missing (expected: the image of the application beside the gateway)" -}}
{{- end -}}
{{- if and (eq .Values.workload "sidecar") (semverCompare "<1.29.0-0" .Capabilities.KubeVersion.Version) -}}
{{- fail (printf "workload: sidecar with Kubernetes %s (expected: 1.29 or newer, or classic-sidecar)" .Capabilities.KubeVersion.Version) -}}
{{- end -}}
{{- else if .Values.application.image -}}
{{- fail (printf "application.image: %s (expected: nothing with workload %s)" .Values.application.image .Values.workload) -}}
{{- end -}}
{{- if eq .Values.workload "server" -}}
{{- if not .Values.server.tenants -}}
{{- fail "server.tenants: none (expected: at least one, with its policies)" -}}
{{- end -}}
{{- if not .Values.secrets.apiKeysFile.name -}}
{{- fail "secrets.apiKeysFile.name: missing (expected: the Secret with the file that \"esper-gateway keys create\" writes)" -}}
{{- end -}}
{{- if ne .Values.mode "local" -}}
{{- fail (printf "mode: %s (expected: local, a server decides by its own policies)" .Values.mode) -}}
{{- end -}}
{{- range $tenant := .Values.server.tenants -}}
{{- range $file := $tenant.policies -}}
{{- if not (hasKey $values.policies $file) -}}
{{- fail (printf "server.tenants: %s of tenant %s (expected: the name of a file in policies)" $file $tenant.id) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- else if .Values.server.tenants -}}
{{- fail (printf "server.tenants: some (expected: none with workload %s)" .Values.workload) -}}
{{- end -}}
{{- if and (has .Values.mode (list "cloud" "hybrid")) (not .Values.secrets.apiKey.name) -}}
{{- fail (printf "secrets.apiKey.name: missing (expected: the Secret with Esper's API key, for mode %s)" .Values.mode) -}}
{{- end -}}
{{- if and .Values.redis.url .Values.redis.bundled.enabled -}}
{{- fail (printf "redis.url: %s (expected: nothing with redis.bundled.enabled)" .Values.redis.url) -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail (printf "autoscaling.minReplicas: %d (expected: at most autoscaling.maxReplicas)" (int .Values.autoscaling.minReplicas)) -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (not (dig "requests" "cpu" "" .Values.resources)) -}}
{{- fail "resources.requests.cpu: missing (expected: a value, autoscaling.targetCPUUtilization is a share of it)" -}}
{{- end -}}
{{- range $name := list "ESPER_API_KEY" "ESPER_CHALLENGE_PASS_KEY" "ESPER_CHALLENGE_PASS_PREVIOUS_KEY" "ESPER_FORWARD_ATTESTATION_KEY" "ESPER_STATE_REDIS_PASSWORD" "TURNSTILE_SECRET_KEY" "HCAPTCHA_SECRET_KEY" "RECAPTCHA_SECRET_KEY" "ESPER_ESPER_HASH_KEY" "ESPER_BEACON_HASH_KEY" "ESPER_RECORD_HASH_KEY" "ESPER_ADMIN_TOKEN" -}}
{{- range $variable := $values.extraEnv -}}
{{- if and (eq $variable.name $name) $variable.value -}}
{{- fail (printf "extraEnv: %s in the clear (expected: valueFrom a Secret)" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $path := list "esper.api-key" "esper.hash-key" "challenge.pass.key" "challenge.pass.previous-key" "challenge.hosted.turnstile.secret" "challenge.hosted.hcaptcha.secret" "challenge.hosted.recaptcha.secret" "forward.attestation.key" "state.redis.password" "beacon.hash-key" "record.hash-key" "admin.token" -}}
{{- if include "esper-gateway.at" (dict "in" $values.config "path" $path) -}}
{{- fail (printf "config.%s: in the clear (expected: a Secret, by the values in \"secrets\" or by extraEnv with valueFrom)" $path) -}}
{{- end -}}
{{- end -}}
{{- range $path, $instead := include "esper-gateway.own" . | fromJson -}}
{{- if include "esper-gateway.at" (dict "in" $values.config "path" $path) -}}
{{- fail (printf "config.%s: set by the chart (expected: %s)" $path $instead) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* The keys of gateway.conf that the chart sets, and what says them instead. */ -}}
{{- define "esper-gateway.own" -}}
{{- dict "listen.address" "the port 8080 of the container, which service.port leads to" "listen.tls.certificates" "secrets.tls.name" "admin.address" "the port 9901 of the container" "origin.url" "origin.url, or application" "shutdown.grace" "shutdown.graceSeconds" "shutdown.drain" "shutdown.drainSeconds" "policies.path" "policies" "state.store" "redis.url or redis.bundled.enabled" "state.redis.url" "redis.url" "state.redis.prefix" "redis.prefix" "server.address" "the port 8080 of the container, which service.port leads to" "server.public-url" "server.publicUrl" "server.tenants" "server.tenants" "server.keys-file" "secrets.apiKeysFile" "server.challenge.key-file" "secrets.proofKeysFile" | toJson -}}
{{- end -}}

{{- /* "yes" if the dictionary "in" has something at the dotted "path". */ -}}
{{- define "esper-gateway.at" -}}
{{- $names := splitList "." .path -}}
{{- $name := first $names -}}
{{- if and (kindIs "map" .in) (hasKey .in $name) -}}
{{- if eq (len $names) 1 -}}
yes
{{- else -}}
{{- include "esper-gateway.at" (dict "in" (get .in $name) "path" (rest $names | join ".")) -}}
{{- end -}}
{{- end -}}
{{- end -}}
