{{- /* gateway.conf, as JSON, which is HOCON: what "config" says, and what the chart says, which must not be the same keys. */ -}}
{{- define "esper-gateway.configuration" -}}
{{- $directory := "/etc/esper-gateway" -}}
{{- $own := dict "admin" (dict "address" ":9901") "shutdown" (dict "grace" (printf "%ds" (int .Values.shutdown.graceSeconds)) "drain" (printf "%ds" (int .Values.shutdown.drainSeconds))) -}}
{{- $tls := list -}}
{{- if .Values.secrets.tls.name -}}
{{- $tls = list (dict "certificate-file" (print $directory "/tls/tls.crt") "key-file" (print $directory "/tls/tls.key")) -}}
{{- end -}}
{{- if eq .Values.workload "server" -}}
{{- $tenants := list -}}
{{- range $tenant := .Values.server.tenants -}}
{{- $files := list -}}
{{- range $file := $tenant.policies -}}
{{- $files = append $files (print $directory "/policies/" $file) -}}
{{- end -}}
{{- $tenants = append $tenants (dict "tenant_id" $tenant.id "policies" $files "return-hosts" ($tenant.returnHosts | default list)) -}}
{{- end -}}
{{- $server := dict "address" ":8080" "tenants" $tenants "keys-file" (print $directory "/api-keys/keys.jsonl") -}}
{{- if .Values.server.publicUrl -}}
{{- $_ := set $server "public-url" .Values.server.publicUrl -}}
{{- end -}}
{{- if .Values.secrets.proofKeysFile.name -}}
{{- $_ := set $server "challenge" (dict "key-file" (print $directory "/proof-keys/proof.keys")) -}}
{{- end -}}
{{- if $tls -}}
{{- $_ := set $server "tls" (first $tls) -}}
{{- end -}}
{{- $_ := set $own "server" $server -}}
{{- else -}}
{{- $listen := dict "address" ":8080" -}}
{{- if $tls -}}
{{- $_ := set $listen "tls" (dict "certificates" $tls) -}}
{{- end -}}
{{- $_ := set $own "listen" $listen -}}
{{- $_ := set $own "mode" .Values.mode -}}
{{- $url := .Values.origin.url -}}
{{- if include "esper-gateway.isSidecar" . -}}
{{- $url = printf "http://127.0.0.1:%d" (int .Values.application.port) -}}
{{- if eq .Values.workload "sidecar" -}}
{{- /* It is told to end only after the application has, and nobody comes any more then. */ -}}
{{- $_ := set $own.shutdown "grace" "0s" -}}
{{- end -}}
{{- end -}}
{{- $_ := set $own "origin" (dict "url" $url) -}}
{{- if .Values.policies -}}
{{- $_ := set $own "policies" (dict "path" (list (print $directory "/policies"))) -}}
{{- end -}}
{{- end -}}
{{- if include "esper-gateway.redisUrl" . -}}
{{- $_ := set $own "state" (dict "store" "redis" "redis" (dict "url" (include "esper-gateway.redisUrl" .) "prefix" (.Values.redis.prefix | default .Release.Name))) -}}
{{- end -}}
{{- mustMergeOverwrite (deepCopy .Values.config) $own | mustToPrettyJson -}}
{{- end -}}
