/**
 * Parameters by ECMWF's number of each: its name in cfgrib, units, long name, standard name, and its codes.
 *
 * A code of edition 2 is `2:discipline.category.number`, one of WMO's tables of edition 1 `1:number`. Behind it may stand `sN`,
 * the type of the level; `vN`, its value; `pN`, the statistic. ECMWF's own tables of edition 1 have the number itself.
 *
 * Source: ecCodes' definitions, grib1 and grib2.
 */
export const PARAMETER_TABLE = `
3059 | prate | kg m**-2 s**-1 | Precipitation rate | precipitation_flux | 2:0.1.7 1:59
3015 | tmax | K | Maximum temperature |  | 2:0.0.4 1:15
3016 | tmin | K | Minimum temperature |  | 2:0.0.5 1:16
260074 | prmsl | Pa | Pressure reduced to MSL | air_pressure_at_mean_sea_level | 2:0.3.1
3063 | acpcp | kg m**-2 | Convective precipitation (water) |  | 2:0.1.10 1:63
129 | z | m**2 s**-2 | Geopotential | geopotential | 2:0.3.4 1:6
130 | t | K | Temperature | air_temperature | 2:0.0.0 1:11
131 | u | m s**-1 | U component of wind | eastward_wind | 2:0.2.2 1:33
132 | v | m s**-1 | V component of wind | northward_wind | 2:0.2.3 1:34
133 | q | kg kg**-1 | Specific humidity | specific_humidity | 2:0.1.0 1:51
135 | w | Pa s**-1 | Vertical velocity | lagrangian_tendency_of_air_pressure | 2:0.2.8 1:39
138 | vo | s**-1 | Vorticity (relative) | atmosphere_relative_vorticity | 2:0.2.12 1:43
155 | d | s**-1 | Divergence | divergence_of_wind | 2:0.2.13 1:44
156 | gh | gpm | Geopotential height | geopotential_height | 2:0.3.5 1:7
157 | r | % | Relative humidity | relative_humidity | 2:0.1.1 1:52
203 | o3 | kg kg**-1 | Ozone mass mixing ratio | mass_fraction_of_ozone_in_air | 2:0.14.1
60 | pv | K m**2 kg**-1 s**-1 | Potential vorticity |  | 2:0.2.14 1:4
167 | t2m | K | 2 metre temperature |  | 2:0.0.0/s103/v2 2:0.0.0/s103/v1.5 1:11/s105/v2
168 | d2m | K | 2 metre dewpoint temperature |  | 2:0.0.6/s103/v2 2:0.0.6/s103/v1.5 1:17/s105/v2
165 | u10 | m s**-1 | 10 metre U wind component |  | 2:0.2.2/s103/v10 1:33/s105/v10
166 | v10 | m s**-1 | 10 metre V wind component |  | 2:0.2.3/s103/v10 1:34/s105/v10
121 | mx2t6 | K | Maximum temperature at 2 metres in the last 6 hours |  | 1:15/s105/v2
122 | mn2t6 | K | Minimum temperature at 2 metres in the last 6 hours |  | 1:16/s105/v2
201 | mx2t | K | Maximum temperature at 2 metres since previous post-processing |  |
202 | mn2t | K | Minimum temperature at 2 metres since previous post-processing |  |
51 | mx2t24 | K | Maximum temperature at 2 metres in the last 24 hours |  |
52 | mn2t24 | K | Minimum temperature at 2 metres in the last 24 hours |  |
55 | mean2t24 | K | Mean temperature at 2 metres in the last 24 hours |  |
169 | ssrd | J m**-2 | Surface short-wave (solar) radiation downwards | surface_downwelling_shortwave_flux_in_air | 2:0.4.7/s1/p1
170 | stl2 | K | Soil temperature level 2 |  |
175 | strd | J m**-2 | Surface long-wave (thermal) radiation downwards |  | 2:0.5.3/s1/p1
176 | ssr | J m**-2 | Surface net short-wave (solar) radiation | surface_net_downward_shortwave_flux | 2:0.4.9/s1/p1
177 | str | J m**-2 | Surface net long-wave (thermal) radiation | surface_net_upward_longwave_flux | 2:0.5.5/s1/p1
178 | tsr | J m**-2 | Top net short-wave (solar) radiation | toa_net_upward_shortwave_flux | 2:0.4.1/s8/p1
179 | ttr | J m**-2 | Top net long-wave (thermal) radiation | toa_outgoing_longwave_flux | 2:0.5.5/s8/p1
180 | ewss | N m**-2 s | Eastward turbulent surface stress | surface_downward_eastward_stress | 2:0.2.38/s1/p1
181 | nsss | N m**-2 s | Northward turbulent surface stress | surface_downward_northward_stress | 2:0.2.37/s1/p1
182 | e | m of water equivalent | Evaporation | lwe_thickness_of_water_evaporation_amount | 2:0.1.199/s1/p1 1:57
134 | sp | Pa | Surface pressure | surface_air_pressure | 2:0.3.0/s1 1:1/s1
151 | msl | Pa | Mean sea level pressure | air_pressure_at_mean_sea_level | 2:0.3.0/s101 1:2
235 | skt | K | Skin temperature |  | 2:0.0.17/s1
31 | siconc | 1 | Sea ice area fraction | sea_ice_area_fraction | 2:10.2.0/s1
34 | sst | K | Sea surface temperature |  | 2:10.3.0/s1
35 | istl1 | K | Ice temperature layer 1 |  |
33 | rsn | kg m**-3 | Snow density |  | 2:0.1.61
141 | sd | m of water equivalent | Snow depth | lwe_thickness_of_surface_snow_amount | 2:0.1.254
144 | sf | m of water equivalent | Snowfall | lwe_thickness_of_snowfall_amount | 2:0.1.198/s1/p1
139 | stl1 | K | Soil temperature level 1 | surface_temperature |
183 | stl3 | K | Soil temperature level 3 |  |
236 | stl4 | K | Soil temperature level 4 |  |
39 | swvl1 | m**3 m**-3 | Volumetric soil water layer 1 |  |
40 | swvl2 | m**3 m**-3 | Volumetric soil water layer 2 |  |
41 | swvl3 | m**3 m**-3 | Volumetric soil water layer 3 |  |
42 | swvl4 | m**3 m**-3 | Volumetric soil water layer 4 |  |
136 | tcw | kg m**-2 | Total column water |  | 2:0.1.51/s1
137 | tcwv | kg m**-2 | Total column vertically-integrated water vapour | lwe_thickness_of_atmosphere_mass_content_of_water_vapor | 2:0.1.64/s1
142 | lsp | m | Large-scale precipitation | lwe_thickness_of_stratiform_precipitation_amount | 2:0.1.196/s1/p1
143 | cp | m | Convective precipitation | lwe_thickness_of_convective_precipitation_amount |
146 | sshf | J m**-2 | Surface sensible heat flux | surface_upward_sensible_heat_flux | 2:0.0.11/s1/p1
147 | slhf | J m**-2 | Surface latent heat flux | surface_upward_latent_heat_flux | 2:0.0.10/s1/p1
159 | blh | m | Boundary layer height |  | 2:0.3.18
164 | tcc | 1 | Total cloud cover | cloud_area_fraction | 2:0.6.192/s1
172 | lsm | 1 | Land-sea mask | land_binary_mask | 2:2.0.0/s1 1:81
186 | lcc | 1 | Low cloud cover |  | 2:0.6.193
187 | mcc | 1 | Medium cloud cover |  | 2:0.6.194
188 | hcc | 1 | High cloud cover |  | 2:0.6.195
189 | sund | s | Sunshine duration |  | 2:0.6.24/s1/p1
205 | ro | m | Runoff |  | 2:2.0.201/p1 1:90
228 | tp | m | Total precipitation |  | 2:0.1.193/s1/p1
8 | sro | m | Surface runoff |  | 2:2.0.202/s1/p1
9 | ssro | m | Sub-surface runoff |  |
228144 | sf | kg m**-2 | Snow Fall water equivalent |  | 2:0.1.53/s1/p1 1:65
228205 | ro | kg m**-2 | Water runoff and drainage |  | 2:2.0.33
228228 | tp | kg m**-2 | Total Precipitation |  | 2:0.1.52/s1/p1 2:0.1.8 1:61/s1
228141 | sd | kg m**-2 | Snow depth water equivalent |  | 2:0.1.60
228095 | st20 | K | Soil temperature top 20 cm |  | 2:2.0.2/s106
228096 | st100 | K | Soil temperature top 100 cm |  |
228086 | sm20 | kg m**-3 | Soil moisture top 20 cm |  | 2:2.0.22/s106
228087 | sm100 | kg m**-3 | Soil moisture top 100 cm |  |
260242 | r2 | % | 2 metre relative humidity |  | 2:0.1.1/s103/v2
260048 | tprate | kg m**-2 s**-1 | Total precipitation rate |  | 2:0.1.52/s1
3066 | sde | m | Snow depth | lwe_thickness_of_surface_snow_amount | 2:0.1.11 1:66
3073 | lcc | % | Low cloud cover |  | 2:0.6.3 1:73
3099 | snom | kg m**-2 | Snow melt |  | 2:0.1.16 1:99
59 | cape | J kg**-1 | Convective available potential energy |  | 2:0.7.6/s1 2:0.7.6
174098 | sithick | m | Sea-ice thickness | sea_ice_thickness | 2:10.2.1/s160/p0
174008 | sro | kg m**-2 | Surface runoff |  | 2:2.0.34
151132 | von | m s**-1 | Northward sea water velocity | northward_sea_water_velocity | 2:10.1.3/s160
151131 | uoe | m s**-1 | Eastward sea water velocity | eastward_sea_water_velocity | 2:10.1.2/s160
151145 | zos | m | Sea surface height | sea_surface_height_above_geoid | 2:10.3.1/s160/p0
151163 | t20d | m | Depth of 20C isotherm | depth_of_isosurface_of_sea_water_potential_temperature | 2:10.4.14/s20/p0
151175 | sav300 | psu | Average salinity in the upper 300m |  | 2:10.4.21/s160/p0
151219 | sos | psu | Sea surface practical salinity | sea_surface_salinity | 2:10.3.3/s160/p0
151225 | mlotst010 | m | Ocean mixed layer thickness defined by sigma theta 0.01 kg/m3 | ocean_mixed_layer_thickness_defined_by_sigma_theta | 2:10.4.14/s169/p0
151164 | tav300 | degC | Average potential temperature in the upper 300m |  |
172146 | msshfl | W m**-2 | Mean surface sensible heat flux |  |
172147 | mslhfl | W m**-2 | Mean surface latent heat flux |  |
172175 | msdtrf | W m**-2 | Mean surface downward thermal radiation flux |  |
172176 | msnsrf | W m**-2 | Mean surface net solar radiation flux |  |
172177 | msntrf | W m**-2 | Mean surface net thermal radiation flux |  |
172178 | mtnsrf | W m**-2 | Mean top net solar radiation flux |  |
172179 | mtntrf | W m**-2 | Mean top net thermal radiation flux |  |
172180 | ewssra | N m**-2 | East-West surface stress rate of accumulation |  |
172181 | nsssra | N m**-2 | North-South surface stress rate of accumulation |  |
172182 | erate | m s**-1 | Evaporation |  |
172228 | tprate | m s**-1 | Mean total precipitation rate |  |
172144 | mtsfr | m s**-1 | Mean total snowfall rate |  |
172008 | msror | m s**-1 | Mean surface runoff rate |  |
172009 | mssror | m s**-1 | Mean sub-surface runoff rate |  |
172142 | mlsprt | m s**-1 | Mean large-scale precipitation rate |  |
172143 | cprate | m s**-1 | Mean convective precipitation rate |  |
172205 | mrort | m s**-1 | Mean runoff rate |  |
171129 | za | m**2 s**-2 | Geopotential anomaly |  |
171130 | ta | K | Temperature anomaly |  |
171131 | ua | m s**-1 | U component of wind anomaly |  |
171132 | va | m s**-1 | V component of wind anomaly |  |
171133 | qa | kg kg**-1 | Specific humidity anomaly |  |
171151 | msla | Pa | Mean sea level pressure anomaly |  |
171167 | t2a | K | 2 metre temperature anomaly |  |
171168 | d2a | K | 2 metre dewpoint temperature anomaly |  |
171034 | ssta | K | Sea surface temperature anomaly |  |
171031 | sica | 1 | Sea-ice cover anomaly |  |
171141 | sda | m of water equivalent | Snow depth anomaly |  |
171165 | ua10 | m s**-1 | 10 metre U wind component anomaly |  |
171166 | va10 | m s**-1 | 10 metre V wind component anomaly |  |
171156 | gha | m | Height anomaly |  |
171157 | ra | % | Relative humidity anomaly |  |
173228 | tpara | m s**-1 | Total precipitation anomalous rate of accumulation |  |
173144 | sfara | m s**-1 | Snowfall (convective + stratiform) anomalous rate of accumulation |  |
173146 | sshfara | J m**-2 | Surface sensible heat flux anomalous rate of accumulation |  |
173147 | slhfara | J m**-2 | Surface latent heat flux anomalous rate of accumulation |  |
173169 | ssrdara | J m**-2 | Surface solar radiation downwards anomalous rate of accumulation |  |
173175 | strdara | J m**-2 | Surface thermal radiation downwards anomalous rate of accumulation |  |
173176 | ssrara | J m**-2 | Surface solar radiation anomalous rate of accumulation |  |
173177 | strara | J m**-2 | Surface thermal radiation anomalous rate of accumulation |  |
173178 | tsrara | J m**-2 | Top solar radiation anomalous rate of accumulation |  |
173179 | ttrara | J m**-2 | Top thermal radiation anomalous rate of accumulation |  |
173182 | evara | m s**-1 | Evaporation anomalous rate of accumulation |  |
228039 | sm | kg m**-3 | Soil moisture |  | 2:2.0.22
235055 | mtpr | kg m**-2 s**-1 | Mean total precipitation rate |  |
235033 | msshf | W m**-2 | Mean surface sensible heat flux |  |
235034 | mslhf | W m**-2 | Mean surface latent heat flux |  |
3017 | dpt | K | Dew point temperature |  | 2:0.0.6 1:17
207 | si10 | m s**-1 | 10 metre wind speed |  | 2:0.2.1/s103/v10
228029 | i10fg | m s**-1 | Instantaneous 10 metre wind gust |  | 2:0.2.22/s103/v10
228251 | pev | m | Potential evaporation |  | 2:0.1.200/s1/p1
260199 | vsw | m**3 m**-3 | Volumetric soil moisture |  | 2:2.0.25
228246 | u100 | m s**-1 | 100 metre U wind component |  | 2:0.2.2/s103/v100
228247 | v100 | m s**-1 | 100 metre V wind component |  | 2:0.2.3/s103/v100
3041 | absv | s**-1 | Absolute vorticity |  | 2:0.2.10 1:41
262000 | sithick | m | Sea ice thickness |  | 2:10.2.1/s174
262124 | zos | m | Sea surface height | sea_surface_height_above_geoid | 2:10.3.1/s160
262100 | sos | 1 | Sea surface salinity | sea_surface_salinity | 2:10.3.3/s160
262113 | mlotst010 | m | Ocean mixed layer depth defined by sigma theta 0.01 kg m-3 | ocean_mixed_layer_thickness_defined_by_sigma_theta | 2:10.4.14/s169
`;
